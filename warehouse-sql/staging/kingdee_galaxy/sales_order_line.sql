-- name: staging.kingdee_galaxy__sales_order_line
-- kind: table
-- grain: system, source_id
-- 销售订单 SAL_SaleOrder, one row per line
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: document number
--   line_no: line number
--   product_code: product
--   org_code: sales organisation
--   qty: in the line's unit
--   unit: unit
--   base_qty: in base units, where the server gives it
--   price: tax-inclusive
--   amount: tax-inclusive, of the line
--   amount_untaxed: without tax
--   tax_rate: per cent
--   currency: document currency
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FBillNo"), '') as order_no,
    cast("FSaleOrderEntry_FSeq" as varchar) as line_no,
    nullif(trim("FMaterialId__FNumber"), '') as product_code,
    nullif(trim("FSaleOrgId__FNumber"), '') as org_code,
    "FQty" as qty,
    nullif(trim("FUnitId__FNumber"), '') as unit,
    "FBaseUnitQty" as base_qty,
    "FTaxPrice" as price,
    "FAllAmount" as amount,
    "FAmount" as amount_untaxed,
    "FEntryTaxRate" as tax_rate,
    nullif(trim("FSettleCurrId__FNumber"), '') as currency
from current.kingdee_galaxy__sales_order
where "FSaleOrderEntry_FSeq" is not null
