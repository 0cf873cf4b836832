-- name: staging.yonyou_bip__work_order
-- kind: table
-- grain: system, source_id
-- 生产订单 productionorder/list, one row per line
-- status is 0 开立, 1 已审核, 2 已关闭, 3 审核中, 4 已锁定, 5 已开工; verifystate 3 is 终止.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number, dash, line number
--   document_no: document number
--   product_code: material to make
--   org_code: production organisation
--   batch_no: not on the list
--   planned_qty: planned quantity
--   line: not in the list
--   workshop: production department
--   factory: production organisation
--   team: not in the list
--   status: draft, approved, closed or cancelled
--   planned_start: planned start
--   planned_end: planned end
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') || '-' || cast("OrderProduct_lineNo" as varchar) as work_order_no,
    nullif(trim("code"), '') as document_no,
    nullif(trim("OrderProduct_materialCode"), '') as product_code,
    nullif(trim("orgId"), '') as org_code,
    cast(null as varchar) as batch_no,
    "OrderProduct_quantity" as planned_qty,
    cast(null as varchar) as line,
    nullif(trim("departmentName"), '') as workshop,
    nullif(trim("orgName"), '') as factory,
    cast(null as varchar) as team,
    case
        when "verifystate" = '3' then 'cancelled'
        when "status" = '2' then 'closed'
        when "status" in ('1', '4', '5') then 'approved'
        else 'draft'
    end as status,
    "OrderProduct_startDate" as planned_start,
    "OrderProduct_finishDate" as planned_end
from current.yonyou_bip__work_order
where "OrderProduct_lineNo" is not null
