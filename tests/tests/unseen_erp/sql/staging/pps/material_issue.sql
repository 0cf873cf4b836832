-- name: staging.pps__material_issue
-- kind: table
-- grain: system, source_id
-- Entnahme: always positive, R gives back
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   work_order_no: production order
--   material_code: material
--   org_code: one plant
--   lot_no: lot
--   qty: in thousandths there
--   supplier_code: the lot's supplier
--   status: booked
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    concat(trim(m."FaNr"), '-', m."FaPos") as work_order_no,
    trim(m."ArtNr") as material_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."Los"), '') as lot_no,
    cast(case when m."Art" = 'R' then -1 else 1 end * cast(m."MengeMilli" as decimal(20, 3)) / 1000 as decimal(28, 10)) as qty,
    concat('VEN', lpad(cast(m."LiefNr" as varchar), 5, '0')) as supplier_code,
    'approved' as status
from current.pps__entnahme as m
