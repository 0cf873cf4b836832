-- name: staging.yonyou_bip__product_receipt
-- kind: table
-- grain: system, source_id
-- 产品入库单 storeprorecord/list
-- status is 0 开立, 1 已审核.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   receipt_no: document number
--   line_no: id of the line, the list shows no number
--   work_order_no: not on the list
--   product_code: product
--   org_code: not on the list
--   batch_no: batch
--   base_qty: in main units
--   received_at: the document's day
--   status: draft or approved
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as receipt_no,
    cast("storeProRecords_id" as varchar) as line_no,
    cast(null as varchar) as work_order_no,
    nullif(trim("product_cCode"), '') as product_code,
    cast(null as varchar) as org_code,
    nullif(trim("batchno"), '') as batch_no,
    "qty" as base_qty,
    business_midnight("vouchdate") as received_at,
    case "status" when '1' then 'approved' else 'draft' end as status
from current.yonyou_bip__product_receipt
where "storeProRecords_id" <> 0
