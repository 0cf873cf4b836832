-- name: staging.kingdee_k3_wise__work_order
-- kind: table
-- grain: system, source_id
-- 生产任务单 ICMO; a document has no lines
-- FStatus: 0 planned and 5 confirmed are not released yet, 1 and 2 are, 3 is closed (结案).
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number
--   document_no: document number
--   product_code: material to make
--   org_code: none: one database is one company
--   batch_no: batch to make
--   planned_qty: in base units
--   line: not in K/3
--   workshop: workshop
--   factory: not in K/3
--   team: not in K/3
--   status: draft, approved, closed or cancelled
--   planned_start: planned start
--   planned_end: planned end
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."FBillNo"), '') as work_order_no,
    nullif(trim(m."FBillNo"), '') as document_no,
    nullif(trim(p."FNumber"), '') as product_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."FGMPBatchNo"), '') as batch_no,
    cast(m."FQty" as decimal(28, 10)) as planned_qty,
    cast(null as varchar) as line,
    nullif(trim(w."FNumber"), '') as workshop,
    cast(null as varchar) as factory,
    cast(null as varchar) as team,
    case
        when m."FCancellation" then 'cancelled'
        when m."FStatus" = 3 then 'closed'
        when m."FStatus" in (1, 2) then 'approved'
        else 'draft'
    end as status,
    m."FPlanCommitDate" as planned_start,
    m."FPlanFinishDate" as planned_end
from current.kingdee_k3_wise__work_order as m
left join current.kingdee_k3_wise__product as p
    on p._system = m._system and p."FItemID" = m."FItemID"
left join current.kingdee_k3_wise__department as w
    on w._system = m._system and w."FItemID" = m."FWorkShop"
