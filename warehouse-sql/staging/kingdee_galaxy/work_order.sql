-- name: staging.kingdee_galaxy__work_order
-- kind: table
-- grain: system, source_id
-- 生产订单 PRD_MO, one row per line
-- FStatus 6 is closed (结案), 7 settled (结算).
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
--   batch_no: batch to make
--   planned_qty: planned quantity in the document's unit
--   line: not in Kingdee
--   workshop: workshop
--   factory: production organisation
--   team: not in Kingdee
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
    nullif(trim("FBillNo"), '') || '-' || cast("FTreeEntity_FSeq" as varchar) as work_order_no,
    nullif(trim("FBillNo"), '') as document_no,
    nullif(trim("FMaterialId__FNumber"), '') as product_code,
    nullif(trim("FPrdOrgId__FNumber"), '') as org_code,
    nullif(trim("FLot__FNumber"), '') as batch_no,
    "FQty" as planned_qty,
    cast(null as varchar) as line,
    nullif(trim("FWorkShopID__FNumber"), '') as workshop,
    nullif(trim("FPrdOrgId__FNumber"), '') as factory,
    cast(null as varchar) as team,
    case
        when "FCancelStatus" = 'B' then 'cancelled'
        when "FDocumentStatus" = 'C' and "FStatus" in ('6', '7') then 'closed'
        when "FDocumentStatus" = 'C' then 'approved'
        else 'draft'
    end as status,
    "FPlanStartDate" as planned_start,
    "FPlanFinishDate" as planned_end
from current.kingdee_galaxy__work_order
where "FTreeEntity_FSeq" is not null
