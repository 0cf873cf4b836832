-- The claims that `promoter-summary` of the same days, grain and split is made of, each with the row of the summary it
-- counts in, so that the sums can be done again by a spreadsheet. `settlement_key` is that row's period, promoter and product
-- (if split by product) with bars between them; `clawback_key` is that of the row in which the item's return is booked. Either
-- is empty where the day lies outside of those asked for.
-- title: Promoter settlement
-- title_zh: 促销员结算明细
-- dimensions: promoter_code, claimed_at, event_id, code, product_code?
-- parameters: from date, to date, grain text, by_product_code boolean
with claim as (
    select
        *,
        business_date(claimed_at) as claimed_on,
        business_date(returned_at) as returned_on
    from marts.promoter_claims
),
-- What is asked stands here as it was given and against the instants themselves, so that only the claims of those days
-- are read whole.
dated as (
    select
        *,
        case when coalesce(cast($by_product_code as boolean), false) then concat('|', product_code) else '' end as product_key,
        (cast($from as date) is null or claimed_at >= business_midnight(cast($from as date)))
        and (
            cast($to as date) is null
            or claimed_at < business_midnight(cast(cast($to as date) + interval '1 day' as date))
        ) as is_claimed,
        verdict = 'clawed_back'
        and not is_retry
        and returned_at is not null
        and (cast($from as date) is null or returned_at >= business_midnight(cast($from as date)))
        and (
            cast($to as date) is null
            or returned_at < business_midnight(cast(cast($to as date) + interval '1 day' as date))
        ) as is_returned
    from claim
),
settled as (
    select
        *,
        case when is_claimed then
            case
                when cast($grain as varchar) = 'day' then cast(claimed_on as varchar)
                when cast($grain as varchar) = 'week' then cast(cast(date_trunc('week', claimed_on) as date) as varchar)
                when cast($grain as varchar) = 'month' then substr(cast(claimed_on as varchar), 1, 7)
                else 'total'
            end
        end as period,
        case when is_returned then
            case
                when cast($grain as varchar) = 'day' then cast(returned_on as varchar)
                when cast($grain as varchar) = 'week' then cast(cast(date_trunc('week', returned_on) as date) as varchar)
                when cast($grain as varchar) = 'month' then substr(cast(returned_on as varchar), 1, 7)
                else 'total'
            end
        end as clawback_period
    from dated
    where is_claimed or is_returned
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
from settled
where period is not null or clawback_period is not null
