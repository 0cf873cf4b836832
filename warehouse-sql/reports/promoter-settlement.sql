-- The claims that `promoter-summary` of the same days, grain and split is made of, each with the row of the summary it
-- counts in, so that the sums can be done again by a spreadsheet. `settlement_key` is that row's period, promoter and product
-- (if split by product) with bars between them; `clawback_key` is that of the row in which the item's return is booked. Either
-- is empty where the day lies outside of those asked for.
-- title: Promoter settlement
-- title_zh: 促销员结算明细
-- dimensions: promoter_code, claimed_at, event_id, code, product_code?
-- parameters: from date, to date, grain text, by_product_code boolean
with asked as (
    select
        cast($from as date) as from_day,
        cast($to as date) as to_day,
        cast($grain as varchar) as grain,
        cast($by_product_code as boolean) as by_product_code
),
claim as (
    select
        c.*,
        a.grain,
        a.from_day,
        a.to_day,
        business_date(c.claimed_at) as claimed_on,
        case when c.verdict = 'clawed_back' and not c.is_retry then business_date(c.returned_at) end as returned_on,
        case when a.by_product_code then concat('|', c.product_code) else '' end as product_key
    from marts.promoter_claims as c
    cross join asked as a
),
dated as (
    select
        *,
        case when (from_day is null or claimed_on >= from_day) and (to_day is null or claimed_on <= to_day) then
            case grain
                when 'day' then cast(claimed_on as varchar)
                when 'week' then cast(cast(date_trunc('week', claimed_on) as date) as varchar)
                when 'month' then substr(cast(claimed_on as varchar), 1, 7)
                else 'total'
            end
        end as period,
        case when (from_day is null or returned_on >= from_day) and (to_day is null or returned_on <= to_day) then
            case when returned_on is not null then
                case grain
                    when 'day' then cast(returned_on as varchar)
                    when 'week' then cast(cast(date_trunc('week', returned_on) as date) as varchar)
                    when 'month' then substr(cast(returned_on as varchar), 1, 7)
                    else 'total'
                end
            end
        end as clawback_period
    from claim
)
select
    promoter_code,
    claimed_at,
    event_id,
    code,
    product_code,
    product_code as claimed_product,
    store_code,
    verdict,
    reason,
    is_retry,
    amount,
    returned_at,
    store_claims,
    decided_by_event,
    rule_version,
    case when period is not null then concat(period, '|', promoter_code, product_key) end as settlement_key,
    case when clawback_period is not null then concat(clawback_period, '|', promoter_code, product_key) end as clawback_key
from dated
where period is not null or clawback_period is not null
