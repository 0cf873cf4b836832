-- What a promoter is paid for an item, and when. Of several rates that hold on a day the one that begins last, then the
-- lowest, pays. With --from and --to the rates that hold on any of these days.
-- title: Incentive rates
-- title_zh: 激励标准
-- dimensions: product_code, valid_from, valid_to
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
),
rate as (
    select
        product_code,
        valid_from,
        valid_to,
        min(amount) as amount,
        min(system) as system
    from core.incentive_rate
    where not is_deleted and amount is not null
    group by product_code, valid_from, valid_to
)
select
    r.product_code,
    r.valid_from,
    r.valid_to,
    p.name as product_name,
    r.amount,
    r.system
from rate as r
cross join asked as a
left join core.product_profile as p on p.product_code = r.product_code
where (a.to_day is null or r.valid_from is null or r.valid_from <= a.to_day)
    and (a.from_day is null or r.valid_to is null or r.valid_to >= a.from_day)
