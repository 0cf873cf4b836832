-- Where to inspect next: items of a diversion case's product that left in the same shipments as those seen off territory, were
-- not seen in the case, and are neither sold nor back nor destroyed; with who has them, the store that took them in last,
-- what they are inside of, and what happened to them last. `relation` is `package` if they left in one outermost container with an item that was seen, else `shipment`.
-- title: Siblings still at risk
-- title_zh: 同批在途风险
-- dimensions: dealer_code, product_code, destination_region, month, code
-- parameters: from date, to date
with asked as (
    select
        substr(cast(cast($from as date) as varchar), 1, 7) as from_month,
        substr(cast(cast($to as date) as varchar), 1, 7) as to_month
),
off as (
    select e.dealer_code, e.product_code, e.destination_region, e.month, e.code, e.ship_key, e.package_code
    from marts.case_evidence as e
    cross join asked as a
    where
        e.verdict = 'off_territory'
        and e.ship_key is not null
        and (a.from_month is null or e.month >= a.from_month)
        and (a.to_month is null or e.month <= a.to_month)
),
together as (
    select
        k.dealer_code,
        k.product_code,
        k.destination_region,
        k.month,
        h.code,
        h.ship_key,
        h.order_no,
        h.via_code,
        max(h.event_time) as shipped_at
    from (select distinct dealer_code, product_code, destination_region, month, ship_key from off) as k
    join (
        select code, event_time, via_code, order_no, coalesce(delivery_no, event_id) as ship_key
        from core.shipment
        where event_type = 'ship' and not is_voided and not is_repeat
    ) as h on h.ship_key = k.ship_key
    group by k.dealer_code, k.product_code, k.destination_region, k.month, h.code, h.ship_key, h.order_no, h.via_code
),
packed as (
    select distinct t.destination_region, t.month, t.dealer_code, t.product_code, t.code, p.package_code
    from together as t
    join core.ancestry as a
        on a.code = t.code
        and a.inside_from <= t.shipped_at
        and (a.inside_to is null or t.shipped_at < a.inside_to)
    join (select distinct dealer_code, product_code, destination_region, month, package_code from off) as p
        on p.package_code = a.ancestor_code
        and p.dealer_code = t.dealer_code
        and (p.product_code is not distinct from t.product_code)
        and p.destination_region = t.destination_region
        and p.month = t.month
),
listed as (
    select
        t.*,
        u.state,
        u.dealer_code as held_by,
        u.held_since,
        u.container_code,
        u.last_event_type,
        u.last_event_at
    from together as t
    join core.unit_state as u on u.code = t.code and u.level = 'item' and (u.product_code is not distinct from t.product_code)
    left anti join off as o
        on o.code = t.code
        and o.dealer_code = t.dealer_code
        and (o.product_code is not distinct from t.product_code)
        and o.destination_region = t.destination_region
        and o.month = t.month
    where u.state in ('in_transit', 'dealer_stock', 'in_store', 'in_factory')
),
-- The store that took it in last.
received as (
    select code, store_code
    from (
        select
            r.code,
            r.store_code,
            row_number() over (partition by r.code order by r.received_at desc, r.store_code) as place
        from core.store_receipt as r
        left semi join listed as l on l.code = r.code
    ) as r
    where place = 1
)
select
    l.dealer_code,
    l.product_code,
    l.destination_region,
    l.month,
    l.code,
    case when p.code is not null then 'package' else 'shipment' end as relation,
    p.package_code,
    l.ship_key as delivery,
    l.order_no,
    l.shipped_at,
    l.state,
    l.held_by,
    d.name as held_by_name,
    d.region_code as held_in_region,
    l.held_since,
    r.store_code,
    s.name as store_name,
    s.region_code as store_region,
    l.container_code,
    l.last_event_type,
    l.last_event_at
from listed as l
left join packed as p
    on p.code = l.code
    and p.dealer_code = l.dealer_code
    and (p.product_code is not distinct from l.product_code)
    and p.destination_region = l.destination_region
    and p.month = l.month
left join core.dealer_profile as d on d.dealer_code = l.held_by
left join received as r on r.code = l.code
left join core.store_profile as s on s.store_code = r.store_code
