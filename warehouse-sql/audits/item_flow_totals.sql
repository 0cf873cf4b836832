-- name: audits.item_flow_totals
-- kind: audit
-- partition: bucket
-- What items did per day adds up to the items that did it: those shipped and returned (core.shipment), those sold
-- (core.sale), and those that a dealer has and has not sold (core.custody). A difference means that a report counts an
-- item twice or not at all. The days' shipments are also those that are reconciled with orders (core.document_scan).
with item as (
    select bucket, code from core.unit where level = 'item' and is_commissioned
),
counted as (
    select s.bucket, case when s.event_type = 'ship' then 'shipped' else 'returned' end as measure, count(*) as items
    from core.shipment as s
    left semi join item as i on i.code = s.code
    where
        (s.event_type = 'ship' and not s.is_voided and not s.is_repeat)
        or (s.event_type = 'return' and s.dealer_code is not null)
    group by s.bucket, s.event_type
    union all
    select bucket, 'shipped by document' as measure, sum(shipments) as items
    from core.document_scan
    group by bucket
    union all
    select bucket, 'sold' as measure, count(*) as items
    from core.sale
    group by bucket
    union all
    select c.bucket, 'channel stock' as measure, count(*) as items
    from core.custody as c
    left semi join item as i on i.code = c.code
    left anti join core.sale as s on s.code = c.code
    where c.held_to is null
    group by c.bucket
),
flow as (
    select
        bucket,
        sum(shipped) as shipped,
        sum(returned) as returned,
        sum(sold) as sold,
        sum(stock_change) as stock
    from core.item_flow
    group by bucket
),
listed as (
    select bucket, 'shipped' as measure, shipped as items from flow
    union all
    select bucket, 'shipped by document' as measure, shipped as items from flow
    union all
    select bucket, 'returned' as measure, returned as items from flow
    union all
    select bucket, 'sold' as measure, sold as items from flow
    union all
    select bucket, 'channel stock' as measure, stock as items from flow
)
select
    coalesce(l.bucket, c.bucket) as bucket,
    coalesce(l.measure, c.measure) as measure,
    coalesce(l.items, 0) as reported,
    coalesce(c.items, 0) as counted
from listed as l
full join counted as c on c.bucket = l.bucket and c.measure = l.measure
where coalesce(l.items, 0) <> coalesce(c.items, 0)
