-- name: staging.pps__sales_order
-- kind: table
-- grain: system, source_id
-- Auftrag
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   order_no: number
--   dealer_code: customer
--   org_code: one plant
--   ordered_at: day, a number such as 20260131
--   ship_to_address: where it goes
--   ship_to_region: not kept; the address is resolved
--   status: 10 draft, 20 approved, 80 closed, 90 cancelled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or m."Loesch" as is_deleted,
    case when m._op = 'delete' or m."Loesch" then m._landed_at end as deleted_at,
    trim(m."AuftrNr") as order_no,
    nullif(trim(m."KdNr"), '') as dealer_code,
    cast(null as varchar) as org_code,
    business_midnight(to_date(cast(nullif(m."Dat", 0) as varchar), '%Y%m%d')) as ordered_at,
    nullif(trim(m."LiefAnschrift"), '') as ship_to_address,
    cast(null as varchar) as ship_to_region,
    case m."Stat" when 20 then 'approved' when 80 then 'closed' when 90 then 'cancelled' else 'draft' end as status
from current.pps__auftrag as m
