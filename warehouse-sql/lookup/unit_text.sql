-- What the lake says of every unit of a bucket, as texts to compare with the trace index. Instants are in
-- microseconds since 1970 UTC.
-- parameters: bucket text
with custody as (
    select
        code,
        string_agg(
            concat_ws('|', dealer_code, cast(cast(held_from as bigint) as varchar), coalesce(cast(cast(held_to as bigint) as varchar), ''), start_event_id, coalesce(delivery_no, ''), coalesce(order_no, '')),
            ';' order by held_from
        ) as text
    from core.custody
    where bucket = cast($bucket as varchar)
    group by code
),
inside as (
    select
        code,
        string_agg(
            concat_ws('|', ancestor_code, cast(depth as varchar), cast(cast(inside_from as bigint) as varchar), coalesce(cast(cast(inside_to as bigint) as varchar), '')),
            ';' order by inside_from, depth, ancestor_code
        ) as text
    from core.ancestry
    where bucket = cast($bucket as varchar)
    group by code
),
shipped as (
    select
        code,
        string_agg(
            concat_ws('|', event_type, event_id, cast(cast(event_time as bigint) as varchar), coalesce(dealer_code, ''), cast(is_voided as varchar)),
            ';' order by event_time, type_precedence(event_type), event_id
        ) as text
    from core.shipment
    where bucket = cast($bucket as varchar)
    group by code
)
select
    u.code,
    concat_ws('|', coalesce(u.level, ''), coalesce(u.product_code, ''), coalesce(u.batch_no, ''), coalesce(u.work_order_no, ''), cast(u.is_commissioned as varchar)) as origin,
    coalesce(c.text, '') as custody,
    coalesce(i.text, '') as inside,
    coalesce(s.text, '') as shipped
from core.unit as u
left join custody as c on c.code = u.code
left join inside as i on i.code = u.code
left join shipped as s on s.code = u.code
where u.bucket = cast($bucket as varchar)
order by u.code
