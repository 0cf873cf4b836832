-- name: staging.yonyou_bip__sales_order_line
-- kind: table
-- grain: system, source_id
-- 销售订单 voucherorder/list, one row per line
-- qty is in main units, subQty in the unit that is sold.
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
--   unit: sales unit, else the main unit
--   base_qty: in main units
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
    nullif(trim("code"), '') as order_no,
    cast("lineno" as varchar) as line_no,
    nullif(trim("productCode"), '') as product_code,
    nullif(trim("salesOrgId"), '') as org_code,
    coalesce("subQty", "qty") as qty,
    case
        when "subQty" is null then nullif(trim("qtyName"), '')
        else coalesce(nullif(trim("productUnitName"), ''), nullif(trim("qtyName"), ''))
    end as unit,
    "qty" as base_qty,
    "oriTaxUnitPrice" as price,
    "oriSum" as amount,
    "orderDetailPrices__oriMoney" as amount_untaxed,
    "taxRate" as tax_rate,
    nullif(trim("orderPrices__currency"), '') as currency
from current.yonyou_bip__sales_order
where "lineno" is not null
