-- name: marts.regional_sales
-- kind: table
-- grain: day?, region_code?, dealer_code?, product_code?, channel?
-- Sales at the finest grain kept: day, most detailed region known, dealer, product, channel. Ordered stands
-- in the region the order goes to, shipped, returned and stock in the dealer's, sold where it was sold.
-- Where orders in force share a number in one system their lines count once, for the first of them.
-- Quantities in base units and items.
-- columns:
--   day: business day; empty for an order without a date
--   region_code: most detailed region known, of today; empty: unresolved
--   dealer_code: the dealer
--   product_code: the product
--   channel: the channel
--   ordered_qty: base units on approved or closed orders
--   ordered_amount: their amount, tax-inclusive, document currency
--   shipped_qty: items shipped
--   returned_qty: items returned
--   sold_qty: items sold
--   stock_change: change of the items dealers have and have not sold
with header as (
    select system, order_no, dealer_code, ordered_at, ship_to_region, ship_to_address
    from (
        select
            system,
            order_no,
            dealer_code,
            ordered_at,
            ship_to_region,
            ship_to_address,
            row_number() over (partition by system, order_no order by source_id) as place
        from core.sales_order
        where status in ('approved', 'closed') and not is_deleted
    ) as h
    where place = 1
),
ordered as (
    select
        business_date(o.ordered_at) as day,
        region_today(coalesce(
            case when region_level(o.ship_to_region) is not null then o.ship_to_region end,
            resolve_region(o.ship_to_address)
        )) as region_code,
        o.dealer_code,
        l.product_code,
        d.channel,
        l.base_qty,
        l.amount
    from core.sales_order_line as l
    join header as o on o.system = l.system and o.order_no = l.order_no
    left join core.dealer_profile as d on d.dealer_code = o.dealer_code
    where not l.is_deleted
),
flow as (
    select
        day,
        region_code,
        dealer_code,
        product_code,
        channel,
        cast(base_qty as decimal(38, 10)) as ordered_qty,
        cast(amount as decimal(38, 10)) as ordered_amount,
        0 as shipped_qty,
        0 as returned_qty,
        0 as sold_qty,
        0 as stock_change
    from ordered
    union all
    select
        day,
        region_code,
        dealer_code,
        product_code,
        channel,
        cast(0 as decimal(38, 10)) as ordered_qty,
        cast(0 as decimal(38, 10)) as ordered_amount,
        shipped as shipped_qty,
        returned as returned_qty,
        sold as sold_qty,
        stock_change
    from core.item_flow
)
select
    day,
    region_code,
    dealer_code,
    product_code,
    channel,
    coalesce(sum(ordered_qty), cast(0 as decimal(38, 10))) as ordered_qty,
    coalesce(sum(ordered_amount), cast(0 as decimal(38, 10))) as ordered_amount,
    sum(shipped_qty) as shipped_qty,
    sum(returned_qty) as returned_qty,
    sum(sold_qty) as sold_qty,
    sum(stock_change) as stock_change
from flow
group by day, region_code, dealer_code, product_code, channel
-- Questions are about some days: those of others are not read.
order by day
