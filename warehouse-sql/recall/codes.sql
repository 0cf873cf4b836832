-- Every code of a recall with its state, as a table to sort: first what the unit is and where, then the key data
-- elements of a traceability record (lot code, quantity and unit, product, ship-from, ship-to, ship date, reference
-- document). `items` counts the items of the recall a container holds now.
with unit as (
    select * from recall.units
),
inside as (
    select container_code as code, count(*) as items
    from unit
    where level = 'item' and container_code is not null
    group by container_code
),
inside_twice as (
    select u.container_code as code, sum(i.items) as items
    from unit as u
    join inside as i on i.code = u.code
    where u.container_code is not null
    group by u.container_code
),
dispatch as (
    select
        delivery_no,
        warehouse_code,
        row_number() over (partition by delivery_no order by is_deleted, status = 'cancelled', system, source_id) as place
    from core.delivery
)
select
    u.code,
    u.printed_code,
    u.level,
    u.state,
    case when u.is_inferred then 'inferred' else 'verified' end as evidence,
    u.dealer_code,
    d.name as dealer_name,
    d.region_code,
    u.container_code,
    u.last_event_type,
    u.last_event_at,
    u.work_order_no,
    u.commissioned_at,
    coalesce(u.batch_no, u.work_order_no) as traceability_lot_code,
    1 as quantity,
    case when u.level = 'item' then coalesce(p.base_unit, u.level) else u.level end as unit,
    case when u.level = 'item' then 1 else coalesce(i.items, 0) + coalesce(t.items, 0) end as items,
    u.product_code,
    concat_ws(' ', p.name, p.spec) as product_description,
    case when u.dealer_code is not null then s.warehouse_code end as ship_from,
    u.dealer_code as ship_to,
    u.delivered_at as ship_date,
    case when u.delivery_no is not null then 'delivery' when u.order_no is not null then 'order' end as reference_type,
    coalesce(u.delivery_no, u.order_no) as reference_no
from unit as u
left join inside as i on i.code = u.code
left join inside_twice as t on t.code = u.code
left join core.product_profile as p on p.product_code = u.product_code
left join core.dealer_profile as d on d.dealer_code = u.dealer_code
left join dispatch as s on s.delivery_no = u.delivery_no and s.place = 1
order by u.code
