-- name: staging.kingdee_galaxy__material_feed
-- kind: table
-- grain: system, source_id
-- 生产补料单 PRD_FeedMtrl
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number, dash, line number
--   material_code: material
--   org_code: production organisation
--   lot_no: lot; a blank is no lot
--   qty: in base units
--   supplier_code: not on this form
--   status: draft, approved, closed or cancelled
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    concat(nullif(trim("FMoBillNo"), ''), '-', cast("FMoEntrySeq" as varchar)) as work_order_no,
    nullif(trim("FMaterialId__FNumber"), '') as material_code,
    nullif(trim("FPrdOrgId__FNumber"), '') as org_code,
    nullif(trim("FLot__FNumber"), '') as lot_no,
    coalesce("FBaseActualQty", "FActualQty") as qty,
    cast(null as varchar) as supplier_code,
    case
        when "FCancelStatus" = 'B' then 'cancelled'
        when "FDocumentStatus" = 'C' then 'approved'
        else 'draft'
    end as status
from current.kingdee_galaxy__material_feed
where "FMoBillNo" is not null
