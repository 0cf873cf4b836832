-- name: audits.regional_sales_totals
-- kind: audit
-- Regional sales add up to what they are made of, product by product and month by month: ordered to the lines of
-- approved and closed orders, to the cent, each line once; the rest to core.item_flow, which audits.item_flow_totals
-- holds against shipments, sales and custody.
with ordered as (
    select
        substr(cast(business_date(o.ordered_at) as varchar), 1, 7) as month,
        l.product_code,
        sum(cast(l.base_qty as decimal(38, 10))) as ordered_qty,
        sum(cast(l.amount as decimal(38, 10))) as ordered_amount
    from core.sales_order_line as l
    join (
        select system, order_no, min(ordered_at) as ordered_at
        from core.sales_order
        where status in ('approved', 'closed') and not is_deleted
        group by system, order_no
    ) as o on o.system = l.system and o.order_no = l.order_no
    where not l.is_deleted
    group by 1, 2
),
moved as (
    select
        substr(cast(day as varchar), 1, 7) as month,
        product_code,
        sum(shipped) as shipped_qty,
        sum(returned) as returned_qty,
        sum(sold) as sold_qty,
        sum(stock_change) as stock_change
    from core.item_flow
    group by 1, 2
),
source as (
    select month, product_code, 'ordered_qty' as measure, ordered_qty as amount from ordered
    union all
    select month, product_code, 'ordered_amount' as measure, ordered_amount as amount from ordered
    union all
    select month, product_code, 'shipped_qty' as measure, cast(shipped_qty as decimal(38, 10)) as amount from moved
    union all
    select month, product_code, 'returned_qty' as measure, cast(returned_qty as decimal(38, 10)) as amount from moved
    union all
    select month, product_code, 'sold_qty' as measure, cast(sold_qty as decimal(38, 10)) as amount from moved
    union all
    select month, product_code, 'stock_change' as measure, cast(stock_change as decimal(38, 10)) as amount from moved
),
summed as (
    select
        substr(cast(day as varchar), 1, 7) as month,
        product_code,
        sum(ordered_qty) as ordered_qty,
        sum(ordered_amount) as ordered_amount,
        sum(shipped_qty) as shipped_qty,
        sum(returned_qty) as returned_qty,
        sum(sold_qty) as sold_qty,
        sum(stock_change) as stock_change
    from marts.regional_sales
    group by 1, 2
),
mart as (
    select month, product_code, 'ordered_qty' as measure, ordered_qty as amount from summed
    union all
    select month, product_code, 'ordered_amount' as measure, ordered_amount as amount from summed
    union all
    select month, product_code, 'shipped_qty' as measure, cast(shipped_qty as decimal(38, 10)) as amount from summed
    union all
    select month, product_code, 'returned_qty' as measure, cast(returned_qty as decimal(38, 10)) as amount from summed
    union all
    select month, product_code, 'sold_qty' as measure, cast(sold_qty as decimal(38, 10)) as amount from summed
    union all
    select month, product_code, 'stock_change' as measure, cast(stock_change as decimal(38, 10)) as amount from summed
),
both as (
    select month, product_code, measure, amount as reported, cast(0 as decimal(38, 10)) as counted from mart
    union all
    select month, product_code, measure, cast(0 as decimal(38, 10)) as reported, coalesce(amount, cast(0 as decimal(38, 10))) as counted
    from source
)
select month, product_code, measure, sum(reported) as reported, sum(counted) as counted
from both
group by month, product_code, measure
having sum(reported) <> sum(counted)
