-- name: staging.kingdee_k3_wise__sales_order_line
-- kind: table
-- grain: system, source_id
-- 销售订单分录 SEOrderEntry
-- Tax-inclusive amounts are not among the columns known of every version: add them with extra_columns
-- and map them to price, amount and tax_rate here.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: document number
--   line_no: line number
--   product_code: product
--   org_code: none: one database is one company
--   qty: in the line's unit
--   unit: name of the unit
--   base_qty: in base units
--   price: not read
--   amount: not read
--   amount_untaxed: amount of the line
--   tax_rate: not read
--   currency: internal id of the document currency
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."H_FBillNo"), '') as order_no,
    cast(m."FEntryID" as varchar) as line_no,
    nullif(trim(p."FNumber"), '') as product_code,
    cast(null as varchar) as org_code,
    cast(coalesce(m."FAuxQty", m."FQty") as decimal(28, 10)) as qty,
    nullif(trim(u."FName"), '') as unit,
    cast(m."FQty" as decimal(28, 10)) as base_qty,
    cast(null as decimal(28, 10)) as price,
    cast(null as decimal(28, 10)) as amount,
    cast(m."FAmount" as decimal(28, 10)) as amount_untaxed,
    cast(null as decimal(28, 10)) as tax_rate,
    cast(nullif(m."H_FCurrencyID", 0) as varchar) as currency
from current.kingdee_k3_wise__sales_order_line as m
left join current.kingdee_k3_wise__product as p
    on p._system = m._system and p."FItemID" = m."FItemID"
left join current.kingdee_k3_wise__unit as u
    on u._system = m._system and u."FMeasureUnitID" = m."FUnitID"
