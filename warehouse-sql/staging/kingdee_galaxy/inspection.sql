-- name: staging.kingdee_galaxy__inspection
-- kind: table
-- grain: system, source_id
-- 检验单 QM_InspectBill
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   subject: material or product inspected
--   org_code: inspecting organisation
--   batch_no: batch of a product
--   lot_no: lot of a material
--   stage: incoming, production or shipping
--   result: pass or fail
--   inspector: who
--   report_ref: document number
--   inspected_at: the document's day
--   supplier_code: of an incoming lot
--   status: draft, approved, closed or cancelled
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FMaterialId__FNumber"), '') as subject,
    nullif(trim("FInspectOrgId__FNumber"), '') as org_code,
    case when "FBillTypeID__FNumber" <> 'JYD001_SYS' then nullif(trim("FLot__FNumber"), '') end as batch_no,
    case when "FBillTypeID__FNumber" = 'JYD001_SYS' then nullif(trim("FLot__FNumber"), '') end as lot_no,
    case "FBillTypeID__FNumber"
        when 'JYD001_SYS' then 'incoming'
        when 'JYD002_SYS' then 'production'
        when 'JYD003_SYS' then 'shipping'
        else "FBillTypeID__FNumber"
    end as stage,
    case "FInspectResult" when '1' then 'pass' when '2' then 'fail' else "FInspectResult" end as result,
    nullif(trim("FInspectorId__FName"), '') as inspector,
    nullif(trim("FBillNo"), '') as report_ref,
    business_midnight("FDate") as inspected_at,
    nullif(trim("FSupplierId__FNumber"), '') as supplier_code,
    case
        when "FCancelStatus" = 'B' then 'cancelled'
        when "FDocumentStatus" = 'C' then 'approved'
        else 'draft'
    end as status
from current.kingdee_galaxy__inspection
