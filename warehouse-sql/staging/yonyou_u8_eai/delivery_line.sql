-- name: staging.yonyou_u8_eai__delivery_line
-- kind: table
-- grain: system, source_id
-- 销售出库单 storeout, voucher type 32, over U8 EAI, one row per line
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   line_no: the place in the document
--   order_no: the source document, if that is a sales order
--   order_line_no: EAI documents none
--   product_code: product
--   org_code: U8 has one company per account
--   qty: in the main unit
--   unit: the product's main unit
--   base_qty: in the main unit
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as delivery_no,
    cast("entry_position" as varchar) as line_no,
    case when "source" = '销售订单' then nullif(trim("businesscode"), '') end as order_no,
    cast(null as varchar) as order_line_no,
    nullif(trim("entry__inventorycode"), '') as product_code,
    cast(null as varchar) as org_code,
    "entry__quantity" as qty,
    cast(null as varchar) as unit,
    "entry__quantity" as base_qty
from current.yonyou_u8_eai__delivery
where "entry_position" is not null
