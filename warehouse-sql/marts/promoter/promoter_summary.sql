-- name: marts.promoter_summary
-- kind: table
-- partition: month
-- touched: with c as (select claimed_at, returned_at from changed.marts__promoter_claims group by event_id, content_hash, code, promoter_code, product_code, claimed_at, verdict, is_retry, amount, returned_at, store_claims, rule_version having count(*) = 1) select substr(cast(business_date(claimed_at) as varchar), 1, 7) as month from c union select substr(cast(business_date(returned_at) as varchar), 1, 7) as month from c where returned_at is not null
-- grain: month, day, promoter_code, product_code?
-- What promoters claimed per day and product, and what it pays. Claimed is accepted, held and rejected, on the day of
-- the claim; accepted includes what was clawed back later. What came back is booked on the day of the return, at
-- the rate that was paid. Retries are no claims.
-- columns:
--   month: business month
--   day: business day
--   promoter_code: the promoter
--   product_code: the product; empty: unknown
--   claimed: claims
--   accepted: those that stood, also if clawed back later
--   held: those that wait
--   rejected: those that do not stand
--   clawed_back: items that came back
--   payable_amount: the rates of what was accepted
--   clawback_amount: the rates of what came back
--   retries: scans that repeated a claim
--   unpriced: accepted claims for which no rate holds
--   over_stock: accepted claims beyond what the store had received
--   rule_version: the rules that decided
with booked as (
    select
        business_date(claimed_at) as day,
        promoter_code,
        product_code,
        case when is_retry then 0 else 1 end as claimed,
        case when not is_retry and verdict in ('accepted', 'clawed_back') then 1 else 0 end as accepted,
        case when not is_retry and verdict = 'held' then 1 else 0 end as held,
        case when not is_retry and verdict = 'rejected' then 1 else 0 end as rejected,
        0 as clawed_back,
        amount as payable,
        cast(null as decimal(28, 10)) as clawback,
        case when is_retry then 1 else 0 end as retries,
        case when not is_retry and verdict in ('accepted', 'clawed_back') and amount is null then 1 else 0 end as unpriced,
        case when store_claims is not null then 1 else 0 end as over_stock
    from marts.promoter_claims
    union all
    select
        business_date(returned_at) as day,
        promoter_code,
        product_code,
        0 as claimed,
        0 as accepted,
        0 as held,
        0 as rejected,
        1 as clawed_back,
        cast(null as decimal(28, 10)) as payable,
        amount as clawback,
        0 as retries,
        0 as unpriced,
        0 as over_stock
    from marts.promoter_claims
    where verdict = 'clawed_back' and not is_retry
),
total as (
    select
        day,
        promoter_code,
        product_code,
        sum(claimed) as claimed,
        sum(accepted) as accepted,
        sum(held) as held,
        sum(rejected) as rejected,
        sum(clawed_back) as clawed_back,
        coalesce(sum(payable), cast(0 as decimal(38, 10))) as payable_amount,
        coalesce(sum(clawback), cast(0 as decimal(38, 10))) as clawback_amount,
        sum(retries) as retries,
        sum(unpriced) as unpriced,
        sum(over_stock) as over_stock
    from booked
    group by day, promoter_code, product_code
)
select
    substr(cast(t.day as varchar), 1, 7) as month,
    t.day,
    t.promoter_code,
    t.product_code,
    t.claimed,
    t.accepted,
    t.held,
    t.rejected,
    t.clawed_back,
    t.payable_amount,
    t.clawback_amount,
    t.retries,
    t.unpriced,
    t.over_stock,
    v.rule_version
from total as t
cross join rules.version as v
