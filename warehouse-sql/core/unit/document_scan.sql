-- name: core.document_scan
-- kind: table
-- partition: bucket
-- grain: bucket, day, order_no?, delivery_no?, dealer_code?, product_code?
-- Items shipped by scan, counted by the documents that the scans name. Cancelled ships, second scans of one
-- shipment and ships into a warehouse of our own are none.
-- columns:
--   bucket: piece, by the unit's code
--   day: business day of the ship
--   order_no: the order, of the scan or else of its delivery
--   delivery_no: the delivery
--   dealer_code: to whom
--   product_code: the product
--   shipments: items, once for every ship
--   shipped: items, once for every order (without one for every delivery, without either for every dealer), at
--     the last ship; 0 if they went again on the same order
with item as (
    select bucket, code, product_code from core.unit where level = 'item' and is_commissioned
),
shipped as (
    select
        i.bucket,
        i.code,
        i.product_code,
        s.event_id,
        s.event_time,
        s.dealer_code,
        s.delivery_no,
        s.order_no
    from core.shipment as s
    join item as i on i.code = s.code
    where s.event_type = 'ship' and not s.is_voided and not s.is_repeat
),
-- Nearly every item is shipped once; only the others need ranking.
shipped_once as (
    select
        bucket,
        code,
        min(product_code) as product_code,
        min(event_time) as event_time,
        min(dealer_code) as dealer_code,
        min(delivery_no) as delivery_no,
        min(order_no) as order_no
    from shipped
    group by bucket, code
    having count(*) = 1
),
shipped_again as (
    select
        s.*,
        row_number() over (
            partition by
                s.code,
                s.order_no,
                case when s.order_no is null then s.delivery_no end,
                case when s.order_no is null and s.delivery_no is null then s.dealer_code end
            order by s.event_time desc, s.event_id desc
        ) as place
    from shipped as s
    left anti join shipped_once as o on o.code = s.code
),
counted as (
    select bucket, event_time, order_no, delivery_no, dealer_code, product_code, 1 as shipped
    from shipped_once
    union all
    select
        bucket,
        event_time,
        order_no,
        delivery_no,
        dealer_code,
        product_code,
        case when place = 1 then 1 else 0 end as shipped
    from shipped_again
),
dated as (
    select
        bucket,
        business_date(event_time) as day,
        order_no,
        delivery_no,
        dealer_code,
        product_code,
        shipped
    from counted
)
select
    bucket,
    day,
    order_no,
    delivery_no,
    dealer_code,
    product_code,
    count(*) as shipments,
    sum(shipped) as shipped
from dated
group by bucket, day, order_no, delivery_no, dealer_code, product_code
