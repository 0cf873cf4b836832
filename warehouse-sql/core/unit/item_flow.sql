-- name: core.item_flow
-- kind: table
-- partition: bucket
-- touched: select bucket, code from (select bucket, code from changed.core__unit where level = 'item' and is_commissioned group by bucket, code, product_code having count(*) = 1) union select bucket, code from (select bucket, code from changed.core__shipment group by bucket, code, event_id, event_type, event_time, dealer_code, channel, is_voided, is_repeat having count(*) = 1) union select bucket, code from (select bucket, code from changed.core__custody group by bucket, code, dealer_code, held_from, held_to, channel having count(*) = 1) union select bucket, code from (select bucket, code from changed.core__sale group by bucket, code, sold_at, place_code, dealer_code, product_code, channel having count(*) = 1)
-- slice: core.unit, core.shipment, core.custody, core.sale
-- sums: shipped, returned, sold, stock_change
-- grain: bucket, day, region_code?, dealer_code?, product_code?, channel?
-- What items did per day, dealer, product and channel. Shipped, returned and stock stand in the region of
-- the dealer, sold in the region of the sale. `stock_change` adds up to the items that dealers have and
-- have not sold.
-- columns:
--   bucket: piece, by the unit's code
--   day: business day
--   region_code: most detailed region known, of today; empty: unresolved
--   dealer_code: the dealer
--   product_code: the product
--   channel: the channel
--   shipped: items shipped, cancelled ships left out, before returns
--   returned: items returned
--   sold: items sold
--   stock_change: items that came into stock less those that left it
with item as (
    select bucket, code, product_code from core.unit where level = 'item' and is_commissioned
),
moved as (
    select
        i.bucket,
        business_date(s.event_time) as day,
        d.region_code,
        s.dealer_code,
        i.product_code,
        s.channel,
        case when s.event_type = 'ship' then 1 else 0 end as shipped,
        case when s.event_type = 'return' then 1 else 0 end as returned
    -- The left side of a join is held in memory: items are narrow, and sales are fewer than custodies.
    from item as i
    join core.shipment as s on s.code = i.code
    left join core.dealer_profile as d on d.dealer_code = s.dealer_code
    where
        (s.event_type = 'ship' and not s.is_voided and not s.is_repeat)
        or (s.event_type = 'return' and s.dealer_code is not null)
),
held as (
    select i.bucket, c.code, c.held_from, c.held_to, c.dealer_code, i.product_code, c.channel
    from item as i
    join core.custody as c on c.code = i.code
),
stocked as (
    select
        h.bucket,
        h.held_from,
        -- Whichever comes first; nothing if neither does.
        least(h.held_to, s.sold_at) as left_at,
        d.region_code,
        h.dealer_code,
        h.product_code,
        h.channel
    from core.sale as s
    right join held as h on s.code = h.code
    left join core.dealer_profile as d on d.dealer_code = h.dealer_code
    where s.sold_at is null or h.held_from < s.sold_at
),
-- An item comes into stock, and may leave it.
changed as (
    select
        s.bucket,
        case when c.change > 0 then s.held_from else s.left_at end as changed_at,
        s.region_code,
        s.dealer_code,
        s.product_code,
        s.channel,
        c.change
    from (values (1), (-1)) as c (change)
    cross join stocked as s
),
flow as (
    select bucket, day, region_code, dealer_code, product_code, channel, shipped, returned, 0 as sold, 0 as stock_change
    from moved
    union all
    select bucket, business_date(sold_at), place_code, dealer_code, product_code, channel, 0, 0, 1, 0
    from core.sale
    union all
    select bucket, business_date(changed_at), region_code, dealer_code, product_code, channel, 0, 0, 0, change
    from changed
    where changed_at is not null
),
total as (
    select
        bucket,
        day,
        region_code,
        dealer_code,
        product_code,
        channel,
        sum(shipped) as shipped,
        sum(returned) as returned,
        sum(sold) as sold,
        sum(stock_change) as stock_change
    from flow
    group by bucket, day, region_code, dealer_code, product_code, channel
)
select
    bucket,
    day,
    region_code,
    dealer_code,
    product_code,
    channel,
    shipped,
    returned,
    sold,
    stock_change
from total
where shipped <> 0 or returned <> 0 or sold <> 0 or stock_change <> 0
