-- name: staging.yonyou_u8_openapi__material_issue
-- kind: table
-- grain: system, source_id
-- 材料出库单 materialout over U8 OpenAPI
-- Returns are negative quantities.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: number of the production order the document is made from, without its line
--   material_code: material
--   org_code: U8 has one company per account
--   lot_no: batch number
--   qty: in the main unit
--   supplier_code: not on this document
--   status: draft or approved: it has an auditor
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    case when "source" = '生产订单' then nullif(trim("businesscode"), '') end as work_order_no,
    nullif(trim("entry__inventorycode"), '') as material_code,
    cast(null as varchar) as org_code,
    nullif(trim("entry__serial"), '') as lot_no,
    "entry__quantity" as qty,
    cast(null as varchar) as supplier_code,
    case when nullif(trim("handler"), '') is not null then 'approved' else 'draft' end as status
from current.yonyou_u8_openapi__material_issue
where "entry_position" is not null
