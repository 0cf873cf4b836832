-- name: staging.kingdee_galaxy__product_receipt
-- kind: table
-- grain: system, source_id
-- 生产入库单 PRD_INSTOCK
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   receipt_no: document number
--   line_no: line number
--   work_order_no: document number, dash, line number
--   product_code: product
--   org_code: production organisation
--   batch_no: batch
--   base_qty: in base units
--   received_at: the document's day
--   status: draft, approved, closed or cancelled
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FBillNo"), '') as receipt_no,
    cast("FEntity_FSeq" as varchar) as line_no,
    nullif(trim("FMoBillNo"), '') || '-' || cast("FMoEntrySeq" as varchar) as work_order_no,
    nullif(trim("FMaterialId__FNumber"), '') as product_code,
    nullif(trim("FPrdOrgId__FNumber"), '') as org_code,
    nullif(trim("FLot__FNumber"), '') as batch_no,
    coalesce("FBaseRealQty", "FRealQty") as base_qty,
    business_midnight("FDate") as received_at,
    case
        when "FCancelStatus" = 'B' then 'cancelled'
        when "FDocumentStatus" = 'C' then 'approved'
        else 'draft'
    end as status
from current.kingdee_galaxy__product_receipt
where "FEntity_FSeq" is not null
