-- name: staging.pps__delivery
-- kind: table
-- grain: system, source_id
-- Versand
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   delivery_no: number
--   order_no: order
--   dealer_code: the order's customer
--   org_code: one plant
--   stock_org_code: one plant
--   warehouse_code: number of the store
--   carrier: carrier
--   waybill_no: waybill
--   shipped_at: when
--   status: V shipped, S cancelled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    trim(m."VersandNr") as delivery_no,
    nullif(trim(m."AuftrNr"), '') as order_no,
    nullif(trim(o."KdNr"), '') as dealer_code,
    cast(null as varchar) as org_code,
    cast(null as varchar) as stock_org_code,
    cast(m."Lager" as varchar) as warehouse_code,
    nullif(trim(m."Spedition"), '') as carrier,
    nullif(trim(m."Sendung"), '') as waybill_no,
    m."Versandt" as shipped_at,
    case m."Stat" when 'V' then 'approved' when 'S' then 'cancelled' else 'draft' end as status
from current.pps__versand as m
left join current.pps__auftrag as o on o._system = m._system and o."AuftrNr" = m."AuftrNr"
