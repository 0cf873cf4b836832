-- name: staging.pps__dealer
-- kind: table
-- grain: system, source_id
-- Kunde
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   dealer_code: number
--   master_id: not kept
--   org_code: client of the system (Mandant)
--   name: name
--   level: not kept
--   parent_dealer_code: not kept
--   address: address
--   region_code: not kept; the address is resolved
--   channel: way of distribution
--   status: active
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or m."Loesch" as is_deleted,
    case when m._op = 'delete' or m."Loesch" then m._landed_at end as deleted_at,
    nullif(trim(m."KdNr"), '') as dealer_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim(m."Name"), '') as name,
    cast(null as varchar) as level,
    cast(null as varchar) as parent_dealer_code,
    nullif(trim(m."Anschrift"), '') as address,
    cast(null as varchar) as region_code,
    case m."VertrWeg" when 10 then 'distribution' when 30 then 'ecommerce' end as channel,
    'active' as status
from current.pps__kunde as m
