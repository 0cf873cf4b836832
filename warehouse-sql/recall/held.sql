-- The units of a recall counted by everything its answer is split by, and beside them (`is_now` is false) the items
-- that somebody had before, or had by an earlier ship, by whoever that was: one pass over the units.
with hold as (
    select
        level,
        state,
        is_inferred,
        is_commissioned,
        work_order_no,
        product_code,
        batch_no,
        unnest(array_prepend(
            named_struct(
                'held_from', arrow_cast(null, 'Timestamp(Microsecond, Some("UTC"))'),
                'dealer_code', dealer_code,
                'delivery_no', delivery_no,
                'order_no', order_no,
                'delivered_at', delivered_at
            ),
            earlier_holds
        )) as held
    from recall.units
),
told as (
    -- What was before always has a beginning.
    select *, held['held_from'] is null as is_now
    from hold
    where held['held_from'] is null or level = 'item'
)
select
    is_now,
    level,
    case when is_now then state end as state,
    case when is_now then is_inferred end as is_inferred,
    case when is_now then is_commissioned end as is_commissioned,
    case when is_now then work_order_no end as work_order_no,
    case when is_now then product_code end as product_code,
    case when is_now then batch_no end as batch_no,
    held['dealer_code'] as dealer_code,
    held['delivery_no'] as delivery_no,
    held['order_no'] as order_no,
    min(held['delivered_at']) as shipped_at,
    count(*) as units
from told
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
