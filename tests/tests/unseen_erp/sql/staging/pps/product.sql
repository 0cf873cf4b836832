-- name: staging.pps__product
-- kind: table
-- grain: system, source_id
-- Artikel: an article in one of its versions (Ausführung)
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   product_code: number, with the version where it is not the first
--   master_id: not kept
--   org_code: one plant
--   name: name
--   spec: second line of the name
--   category: group of goods
--   base_unit: unit of quantities
--   items_per_case: pieces in a carton
--   cases_per_pallet: cartons on a pallet
--   trace_level: not kept
--   status: active or disabled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or coalesce(trim(m."Satz") = 'L', false) as is_deleted,
    case when m._op = 'delete' or coalesce(trim(m."Satz") = 'L', false) then m._landed_at end as deleted_at,
    trim(m."ArtNr") || case when m."Ausf" > 0 then concat('/', m."Ausf") else '' end as product_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim(m."Bez1"), '') as name,
    nullif(trim(m."Bez2"), '') as spec,
    nullif(trim(m."WarenGr"), '') as category,
    nullif(trim(m."BasisEinh"), '') as base_unit,
    cast(nullif(m."StkKarton", 0) as decimal(28, 10)) as items_per_case,
    cast(nullif(m."KartonPal", 0) as decimal(28, 10)) as cases_per_pallet,
    cast(null as varchar) as trace_level,
    case when m."Gesperrt" = 'J' then 'disabled' else 'active' end as status
from current.pps__artikel as m
