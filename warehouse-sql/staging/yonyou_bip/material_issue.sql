-- name: staging.yonyou_bip__material_issue
-- kind: table
-- grain: system, source_id
-- 材料出库单 materialout/list; returns are issues below zero
-- status is 0 开立, 1 已审核.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number, dash, line number where the order has one line, else the document number
--   material_code: material
--   org_code: not on the list
--   lot_no: lot; a blank is no lot
--   qty: in main units
--   supplier_code: not on the list
--   status: draft or approved
with sole_line as (
    select _system, "code", min("OrderProduct_lineNo") as line_no
    from current.yonyou_bip__work_order
    where _op <> 'delete'
    group by _system, "code"
    having count(*) = 1
)
select
    issue._system as system,
    issue._key as source_id,
    issue._changed_at as source_changed_at,
    issue._landed_at as landed_at,
    cast(null as varchar) as attributes,
    issue._op = 'delete' as is_deleted,
    case when issue._op = 'delete' then issue._landed_at end as deleted_at,
    case
        when sole.line_no is null then nullif(trim(issue."srcbillno"), '')
        else nullif(trim(issue."srcbillno"), '') || '-' || cast(sole.line_no as varchar)
    end as work_order_no,
    nullif(trim(issue."product_cCode"), '') as material_code,
    cast(null as varchar) as org_code,
    nullif(trim(issue."batchno"), '') as lot_no,
    issue."qty" as qty,
    cast(null as varchar) as supplier_code,
    case issue."status" when '1' then 'approved' else 'draft' end as status
from current.yonyou_bip__material_issue as issue
left join sole_line as sole on sole._system = issue._system and sole."code" = issue."srcbillno"
where issue."materOuts_id" <> 0
