-- name: core.claim_over_stock
-- kind: table
-- partition: piece = bucket(store_code)
-- touched: with r as (select store_code from changed.core__store_receipt group by store_code, code, returns_before, product_code, received_at having count(*) = 1), c as (select store_code from changed.core__promoter_claim group by store_code, event_id, content_hash, code, product_code, claimed_at, verdict, is_retry having count(*) = 1) select bucket(store_code) as piece, store_code from r where store_code is not null union select bucket(store_code) as piece, store_code from c where store_code is not null
-- grain: store_code, event_id, content_hash, code
-- Accepted claims beyond what their store had received of the product by then. They stand: a store that does not
-- scan its receipts is over at once. A claim that was clawed back later counts, as does what went back.
-- columns:
--   piece: piece, by the store
--   bucket: piece of the unit's code
--   store_code: the store
--   event_id: the claim
--   content_hash: tells two events with one id apart
--   code: the unit
--   product_code: the product
--   received: items of the product the store had received by then
--   claims: accepted claims of the product at the store up to this one
with moment as (
    select
        store_code,
        product_code,
        received_at as at,
        0 as is_claim,
        cast(null as varchar) as event_id,
        cast(null as bigint) as content_hash,
        cast(null as varchar) as code,
        cast(null as varchar) as bucket,
        count(*) as received
    from core.store_receipt
    group by store_code, product_code, received_at
    union all
    select
        store_code,
        product_code,
        claimed_at as at,
        1 as is_claim,
        event_id,
        content_hash,
        code,
        bucket,
        0 as received
    from core.promoter_claim
    where verdict in ('accepted', 'clawed_back') and not is_retry and store_code is not null
),
-- A receive comes before a sell of the same time.
counted as (
    select
        store_code,
        product_code,
        is_claim,
        event_id,
        content_hash,
        code,
        bucket,
        sum(received) over in_order as received,
        sum(is_claim) over in_order as claims
    from moment
    window in_order as (
        partition by store_code, product_code
        order by at, is_claim, event_id, content_hash, code
        rows between unbounded preceding and current row
    )
)
select
    bucket(store_code) as piece,
    bucket,
    store_code,
    event_id,
    content_hash,
    code,
    product_code,
    received,
    claims
from counted
where is_claim = 1 and claims > received
