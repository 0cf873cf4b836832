-- What promoters claimed, what stands, what it pays, and what came back, per period.
-- claimed = accepted + held + rejected; accepted includes claims clawed back later, and a clawback stands in the
-- period of the return. `over_stock` are accepted claims beyond what their store had received.
-- title: Promoter month
-- title_zh: 促销员业绩汇总
-- dimensions: period, promoter_code, product_code?
-- parameters: from date, to date, grain text, by_product_code boolean
with asked as (
    select
        cast($from as date) as from_day,
        cast($to as date) as to_day,
        cast($grain as varchar) as grain,
        cast($by_product_code as boolean) as by_product_code
),
dated as (
    select
        case a.grain
            when 'day' then cast(s.day as varchar)
            when 'week' then cast(cast(date_trunc('week', s.day) as date) as varchar)
            when 'month' then s.month
            else 'total'
        end as period,
        s.promoter_code,
        case when a.by_product_code then s.product_code end as product_code,
        s.claimed,
        s.accepted,
        s.held,
        s.rejected,
        s.clawed_back,
        s.payable_amount,
        s.clawback_amount,
        s.retries,
        s.unpriced,
        s.over_stock,
        s.rule_version
    from marts.promoter_summary as s
    cross join asked as a
    where (a.from_day is null or s.day >= a.from_day) and (a.to_day is null or s.day <= a.to_day)
)
select
    period,
    promoter_code,
    product_code,
    sum(claimed) as claimed,
    sum(accepted) as accepted,
    sum(held) as held,
    sum(rejected) as rejected,
    sum(clawed_back) as clawed_back,
    sum(payable_amount) as payable_amount,
    sum(clawback_amount) as clawback_amount,
    sum(retries) as retries,
    sum(unpriced) as unpriced,
    sum(over_stock) as over_stock,
    min(rule_version) as rule_version
from dated
group by period, promoter_code, product_code
