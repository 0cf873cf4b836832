-- name: staging.pps__supplier
-- kind: table
-- grain: system, source_id
-- Lieferant: the number is counted, documents elsewhere write it as VEN00001
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   supplier_code: number
--   master_id: not kept
--   org_code: one plant
--   name: firm
--   address: not kept
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    concat('VEN', lpad(cast(m."LiefNr" as varchar), 5, '0')) as supplier_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim(m."Firma"), '') as name,
    cast(null as varchar) as address
from current.pps__lieferant as m
