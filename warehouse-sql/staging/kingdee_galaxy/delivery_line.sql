-- name: staging.kingdee_galaxy__delivery_line
-- kind: table
-- grain: system, source_id
-- 销售出库单 SAL_OUTSTOCK, one row per line
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   line_no: line number
--   order_no: sales order, else the source document, which may be a delivery notice
--   order_line_no: not on this form
--   product_code: product
--   org_code: stock organisation
--   qty: in the line's unit
--   unit: unit
--   base_qty: in base units
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FBillNo"), '') as delivery_no,
    cast("FEntity_FSEQ" as varchar) as line_no,
    coalesce(nullif(trim("FSoorDerno"), ''), nullif(trim("FSrcBillNo"), '')) as order_no,
    cast(null as varchar) as order_line_no,
    nullif(trim("FMaterialID__FNumber"), '') as product_code,
    nullif(trim("FStockOrgId__FNumber"), '') as org_code,
    "FRealQty" as qty,
    nullif(trim("FUnitID__FNumber"), '') as unit,
    "FBaseUnitQty" as base_qty
from current.kingdee_galaxy__delivery
where "FEntity_FSEQ" is not null
