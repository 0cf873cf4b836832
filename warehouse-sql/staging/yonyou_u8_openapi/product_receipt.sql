-- name: staging.yonyou_u8_openapi__product_receipt
-- kind: table
-- grain: system, source_id
-- 产成品入库单 productin over U8 OpenAPI
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   receipt_no: document number
--   line_no: the place in the document
--   work_order_no: number of the production order the document is made from, without its line
--   product_code: product
--   org_code: U8 has one company per account
--   batch_no: batch number
--   base_qty: in the main unit
--   received_at: the document's day
--   status: draft or approved: it has an auditor
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as receipt_no,
    cast("entry_position" as varchar) as line_no,
    case when "source" = '生产订单' then nullif(trim("businesscode"), '') end as work_order_no,
    nullif(trim("entry__inventorycode"), '') as product_code,
    cast(null as varchar) as org_code,
    nullif(trim("entry__serial"), '') as batch_no,
    "entry__quantity" as base_qty,
    business_midnight("date") as received_at,
    case when nullif(trim("handler"), '') is not null then 'approved' else 'draft' end as status
from current.yonyou_u8_openapi__product_receipt
where "entry_position" is not null
