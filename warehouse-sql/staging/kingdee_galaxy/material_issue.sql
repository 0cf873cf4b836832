-- name: staging.kingdee_galaxy__material_issue
-- kind: table
-- grain: system, source_id
-- 生产领料单 PRD_PickMtrl, 生产补料单 PRD_FeedMtrl, 生产退料单 PRD_ReturnMtrl
-- The returned quantity stands in another field on some releases.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system, after `feed/` or `return/` on those forms
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number, dash, line number
--   material_code: material
--   org_code: production organisation
--   lot_no: lot; a blank is no lot
--   qty: in base units; negative where it came back
--   supplier_code: not on these forms
--   status: draft, approved, closed or cancelled
with movement as (
    select
        _system,
        _key as source_id,
        _changed_at,
        _landed_at,
        _op,
        "FMoBillNo",
        "FMoEntrySeq",
        "FMaterialId__FNumber",
        "FPrdOrgId__FNumber",
        "FLot__FNumber",
        coalesce("FBaseActualQty", "FActualQty") as qty,
        "FCancelStatus",
        "FDocumentStatus"
    from current.kingdee_galaxy__material_issue
    union all
    select
        _system,
        'feed/' || _key as source_id,
        _changed_at,
        _landed_at,
        _op,
        "FMoBillNo",
        "FMoEntrySeq",
        "FMaterialId__FNumber",
        "FPrdOrgId__FNumber",
        "FLot__FNumber",
        coalesce("FBaseActualQty", "FActualQty") as qty,
        "FCancelStatus",
        "FDocumentStatus"
    from current.kingdee_galaxy__material_feed
    union all
    select
        _system,
        'return/' || _key as source_id,
        _changed_at,
        _landed_at,
        _op,
        "FMoBillNo",
        "FMoEntrySeq",
        "FMaterialId__FNumber",
        "FPrdOrgId__FNumber",
        "FLot__FNumber",
        -coalesce("FBaseActualQty", "FBaseQty", "FActualQty", "FQty") as qty,
        "FCancelStatus",
        "FDocumentStatus"
    from current.kingdee_galaxy__material_return
)
select
    _system as system,
    source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FMoBillNo"), '') || '-' || cast("FMoEntrySeq" as varchar) as work_order_no,
    nullif(trim("FMaterialId__FNumber"), '') as material_code,
    nullif(trim("FPrdOrgId__FNumber"), '') as org_code,
    nullif(trim("FLot__FNumber"), '') as lot_no,
    qty,
    cast(null as varchar) as supplier_code,
    case
        when "FCancelStatus" = 'B' then 'cancelled'
        when "FDocumentStatus" = 'C' then 'approved'
        else 'draft'
    end as status
from movement
where "FMoBillNo" is not null
