-- Who had the unit when. Rows of one custody, which differ by their last ship, are joined.
-- parameters: code text
with numbered as (
    select
        *,
        sum(case when continues then 0 else 1 end) over (order by held_from) as number
    from core.custody
    where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
)
select
    dealer_code,
    min(held_from) as "from",
    case when count(held_to) = count(*) then max(held_to) end as "to",
    case when bool_or(is_inferred) then 'inferred' else 'verified' end as evidence,
    min(held_since) as since,
    min(channel) as channel,
    min(start_event_id) as start_event_id,
    last_value(delivery_no order by held_from) as delivery_no,
    last_value(order_no order by held_from) as order_no
from numbered
group by number, dealer_code
order by "from"
