-- name: staging.yonyou_u8_eai__sales_order_line
-- kind: table
-- grain: system, source_id
-- 销售订单 saleorder over U8 EAI, one row per line
-- Quantities of U8 are in the main unit; the auxiliary unit counts where the line has one with a rate.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: document number
--   line_no: row number, else the place in the document
--   product_code: product
--   org_code: U8 has one company per account
--   qty: in the line's unit
--   unit: code of the auxiliary unit, else of the main unit
--   base_qty: in the main unit
--   price: tax-inclusive, of the line's unit
--   amount: tax-inclusive, of the line
--   amount_untaxed: without tax
--   tax_rate: EAI documents none on the line
--   currency: EAI documents none
select
    l._system as system,
    l._key as source_id,
    l._changed_at as source_changed_at,
    l._landed_at as landed_at,
    cast(null as varchar) as attributes,
    l._op = 'delete' as is_deleted,
    case when l._op = 'delete' then l._landed_at end as deleted_at,
    nullif(trim(l."code"), '') as order_no,
    coalesce(nullif(trim(l."entry__rowno"), ''), cast(l."entry_position" as varchar)) as line_no,
    nullif(trim(l."entry__inventorycode"), '') as product_code,
    cast(null as varchar) as org_code,
    cast(case when nullif(trim(l."entry__unitcode"), '') is not null and l."entry__num" <> 0 and l."entry__unitrate" <> 0 then l."entry__num" else l."entry__quantity" end as decimal(28, 10)) as qty,
    case when nullif(trim(l."entry__unitcode"), '') is not null and l."entry__num" <> 0 and l."entry__unitrate" <> 0 then trim(l."entry__unitcode") else nullif(trim(p."main_measure"), '') end as unit,
    l."entry__quantity" as base_qty,
    cast(
        case
            when nullif(trim(l."entry__unitcode"), '') is not null and l."entry__num" <> 0 and l."entry__unitrate" <> 0
                then cast(l."entry__taxunitprice" as decimal(24, 10)) * cast(l."entry__unitrate" as decimal(13, 6))
            else l."entry__taxunitprice"
        end as decimal(28, 10)
    ) as price,
    l."entry__sum" as amount,
    l."entry__money" as amount_untaxed,
    cast(null as decimal(28, 10)) as tax_rate,
    cast(null as varchar) as currency
from current.yonyou_u8_eai__sales_order as l
left join current.yonyou_u8_eai__product as p
    on p._system = l._system and p."code" = l."entry__inventorycode"
where l."entry_position" is not null
