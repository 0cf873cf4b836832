-- name: marts.promoter_claims
-- kind: table
-- partition: bucket = bucket(code)
-- touched: select bucket, code from changed.core__claim_over_stock group by bucket, store_code, event_id, content_hash, code, received, claims having count(*) = 1 union select bucket, code from changed.core__promoter_claim
-- slice: core.promoter_claim
-- expires: select min(hold_ends_at) from core.promoter_claim where hold_ends_at > as_of()
-- grain: event_id, content_hash, code
-- Every sell of a unit by a promoter with its verdict and what it is worth. A claim of goods that were not shipped
-- is held until its time is over, then rejected. The rate is that of the product on the day of the claim; of
-- several that hold the one that begins last, then the lowest, pays.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the sell
--   content_hash: tells two events with one id apart
--   promoter_code: who claims
--   store_code: for which store
--   code: the unit
--   claimed_at: when
--   product_code: the product
--   verdict: accepted, held, rejected or clawed_back
--   reason: unknown_code, not_item, decommissioned, recalled, already_claimed, awaiting_shipment, not_shipped,
--     wrong_dealer, out_of_store, no_location, burst, returned or retry; none if accepted
--   decided_by_event: the event that decided, if one did
--   rule_version: the rules that decided
--   is_retry: it repeats a claim and does not count
--   amount: what an accepted claim pays, also if it was clawed back; empty: no rate holds, or nothing is paid
--   returned_at: when an accepted item came back
--   hold_ends_at: when a claim of goods that were not shipped is no longer held
--   dealer_code: who had the unit then
--   device_id: the device
--   order_no: the order it names
--   distance_m: between position and store
--   accuracy_m: of the position
--   store_received: items of the product the store had received by then, where accepted claims exceed them
--   store_claims: accepted claims of the product at the store up to this one, where they exceed what it received
with claim as (
    select
        *,
        verdict in ('accepted', 'clawed_back') and not is_retry as is_paid,
        coalesce(hold_ends_at <= as_of(), false) as is_hold_over,
        business_date(claimed_at) as claimed_on
    from core.promoter_claim
),
paid_day as (
    select distinct product_code, claimed_on from claim where is_paid
),
rated as (
    select
        d.product_code,
        d.claimed_on,
        r.amount,
        row_number() over (
            partition by d.product_code, d.claimed_on
            order by r.valid_from desc nulls last, r.amount, r.system, r.source_id
        ) as place
    from paid_day as d
    join core.incentive_rate as r
        on r.product_code = d.product_code
        and not r.is_deleted
        and r.amount is not null
        and (r.valid_from is null or r.valid_from <= d.claimed_on)
        and (r.valid_to is null or d.claimed_on <= r.valid_to)
)
select
    c.bucket,
    c.event_id,
    c.content_hash,
    c.promoter_code,
    c.store_code,
    c.code,
    c.claimed_at,
    c.product_code,
    case when c.is_hold_over then 'rejected' else c.verdict end as verdict,
    case when c.is_hold_over and not c.is_retry then 'not_shipped' else c.reason end as reason,
    c.decided_by_event,
    v.rule_version,
    c.is_retry,
    case when c.is_paid then r.amount end as amount,
    c.returned_at,
    c.hold_ends_at,
    c.dealer_code,
    c.device_id,
    c.order_no,
    c.distance_m,
    c.accuracy_m,
    o.received as store_received,
    o.claims as store_claims
from claim as c
left join rated as r on r.product_code = c.product_code and r.claimed_on = c.claimed_on and r.place = 1
left join core.claim_over_stock as o
    on o.event_id = c.event_id and o.content_hash = c.content_hash and o.code = c.code
cross join rules.version as v
