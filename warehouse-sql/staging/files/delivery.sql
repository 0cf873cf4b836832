-- name: staging.files__delivery
-- kind: table
-- grain: system, source_id
-- delivery.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: delivery
--   order_no: order
--   dealer_code: dealer
--   org_code: a folder of files has no organisations
--   stock_org_code: a folder of files has no organisations
--   warehouse_code: warehouse
--   carrier: carrier
--   waybill_no: waybill
--   shipped_at: when
--   status: a file holds what happened
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    delivery_no,
    order_no,
    dealer_code,
    cast(null as varchar) as org_code,
    cast(null as varchar) as stock_org_code,
    warehouse_code,
    carrier,
    waybill_no,
    shipped_at,
    'approved' as status
from current.files__delivery
