-- name: core.promoter_claim
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with p as (select event_id, content_hash from changed.core__claim_place group by event_id, content_hash, store_code, dealer_code, distance_m, accuracy_m, objection having count(*) = 1), b as (select code from changed.core__claim_burst group by bucket, event_id, content_hash, code, burst_event_id having count(*) = 1), s as (select code from changed.core__claim_scan group by code, event_id, content_hash, promoter_code, device_id, order_no, product_code, claimed_at, is_retry, claim_event_id, claim_hash having count(*) = 1), m as (select code from changed.core__unit_movement where event_type in ('decommission', 'return') group by code, event_id, content_hash, via_code, event_type, event_time having count(*) = 1), u as (select code from changed.core__unit group by code, level, product_code, is_commissioned having count(*) = 1), k as (select code from changed.core__custody group by code, dealer_code, held_from, held_to, held_since, channel, start_event_id, is_inferred, ship_event_id, ship_via_code, delivery_no, order_no, continues having count(*) = 1), w as (select code from changed.core__unit_recall group by code, recalled_at, event_id having count(*) = 1) select c.bucket, c.code from p join core.claim_scan as c on p.event_id = c.event_id and p.content_hash = c.content_hash union select bucket(code) as bucket, code from b union select bucket(code) as bucket, code from s union select bucket(code) as bucket, code from m union select bucket(code) as bucket, code from u union select bucket(code) as bucket, code from k union select bucket(code) as bucket, code from w
-- slice: core.claim_scan, core.unit_movement, core.unit, core.custody, core.unit_recall
-- grain: event_id, content_hash, code
-- Every sell of a unit by a promoter and whether the claim stands. The first check that fits decides: the code is
-- unknown, no item, was decommissioned or recalled before; an earlier claim stands and the item did not come back
-- in between; nobody had it; another dealer than the store's had it; it was claimed away from the store, or
-- nobody knows where; it was claimed faster than one sells; it came back later.
-- Nothing here depends on the clock but through the events seen: a claim of goods that were not shipped is
-- held here for ever, and `hold_ends_at` tells until when it may be.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the sell
--   content_hash: tells two events with one id apart
--   code: the unit
--   promoter_code: who claims
--   store_code: for which store
--   claimed_at: when
--   product_code: the product
--   dealer_code: who had the unit then
--   device_id: the device
--   order_no: the order it names
--   distance_m: between position and store
--   accuracy_m: of the position
--   verdict: accepted, held, rejected or clawed_back
--   reason: unknown_code, not_item, decommissioned, recalled, already_claimed, awaiting_shipment, wrong_dealer,
--     out_of_store, no_location, burst, returned or retry; none if accepted
--   decided_by_event: the decommission, recall, earlier claim, first claim of the burst or return; what gave the
--     dealer custody where a claim is accepted or of another dealer's goods; the claim that a retry repeats
--   hold_ends_at: when a claim of goods that were not shipped is no longer held
--   returned_at: when an accepted item came back
--   is_retry: it repeats a claim and does not count
with claim as (
    select * from core.claim_scan where not is_retry
),
decommissioned as (
    select
        code,
        min(event_time) as decommissioned_at,
        first_value(event_id order by event_time, event_id, content_hash) as event_id
    from core.unit_movement
    where event_type = 'decommission'
    group by code
),
returned as (
    select code, event_time as returned_at, min(event_id) as event_id
    from core.unit_movement
    where event_type = 'return'
    group by code, event_time
),
-- A return comes before a sell of the same time.
came_back as (
    select
        c.event_id,
        c.content_hash,
        c.code,
        sum(case when r.returned_at <= c.claimed_at then 1 else 0 end) as returns_before,
        min(case when r.returned_at > c.claimed_at then r.returned_at end) as returned_at,
        first_value(r.event_id order by r.returned_at <= c.claimed_at, r.returned_at) as return_event_id
    from claim as c
    join returned as r on r.code = c.code
    group by c.event_id, c.content_hash, c.code
),
examined as (
    select
        c.*,
        coalesce(u.product_code, c.product_code) as unit_product_code,
        p.store_code,
        k.dealer_code,
        k.start_event_id,
        p.distance_m,
        p.accuracy_m,
        coalesce(b.returns_before, 0) as returns_before,
        b.returned_at,
        b.return_event_id,
        d.event_id as decommission_event_id,
        w.event_id as recall_event_id,
        f.burst_event_id,
        case
            when not coalesce(u.is_commissioned, false) then 'unknown_code'
            when u.level <> 'item' then 'not_item'
            when d.decommissioned_at <= c.claimed_at then 'decommissioned'
            when w.recalled_at <= c.claimed_at then 'recalled'
        end as bar,
        case
            when k.dealer_code is null then 'awaiting_shipment'
            when k.dealer_code <> p.dealer_code then 'wrong_dealer'
            when p.objection is not null then p.objection
            when f.code is not null then 'burst'
        end as objection
    from claim as c
    join core.claim_place as p on p.event_id = c.event_id and p.content_hash = c.content_hash
    left join core.unit as u on u.code = c.code
    left join core.custody as k
        on k.code = c.code
        and k.held_from <= c.claimed_at
        and (k.held_to is null or c.claimed_at < k.held_to)
    left join decommissioned as d on d.code = c.code
    left join core.unit_recall as w on w.code = c.code
    left join came_back as b on b.event_id = c.event_id and b.content_hash = c.content_hash and b.code = c.code
    left join core.claim_burst as f
        on f.promoter_code = c.promoter_code
        and f.event_id = c.event_id
        and f.content_hash = c.content_hash
        and f.code = c.code
),
-- Between two returns of an item one claim can stand: the first to which nothing else can be objected.
placed as (
    select
        e.*,
        row_number() over (
            partition by e.code, e.returns_before
            order by e.claimed_at, e.event_id, e.content_hash
        ) as place
    from examined as e
),
preceded as (
    select
        p.*,
        min(case when p.bar is null and p.objection is null then p.place end) over (
            partition by p.code, p.returns_before
        ) as standing_place
    from placed as p
),
decided as (
    select
        p.*,
        max(case when p.place = p.standing_place then p.event_id end) over (
            partition by p.code, p.returns_before
        ) as standing_event_id,
        case
            when p.bar is not null then p.bar
            when p.place > p.standing_place then 'already_claimed'
            when p.objection is not null then p.objection
            when p.returned_at is not null then 'returned'
        end as reason
    from preceded as p
),
judged as (
    select
        d.*,
        case
            when d.reason is null then 'accepted'
            when d.reason = 'returned' then 'clawed_back'
            when d.reason in ('awaiting_shipment', 'no_location', 'burst') then 'held'
            else 'rejected'
        end as verdict,
        case
            when d.reason is null or d.reason = 'wrong_dealer' then d.start_event_id
            when d.reason = 'decommissioned' then d.decommission_event_id
            when d.reason = 'recalled' then d.recall_event_id
            when d.reason = 'already_claimed' then d.standing_event_id
            when d.reason = 'burst' then d.burst_event_id
            when d.reason = 'returned' then d.return_event_id
        end as decided_by_event,
        case
            when d.reason = 'awaiting_shipment'
                then arrow_cast(cast(d.claimed_at as bigint) + r.hold_h * 3600000000, 'Timestamp(Microsecond, Some("UTC"))')
        end as hold_ends_at
    from decided as d
    cross join rules.promoter as r
)
select
    s.bucket,
    s.event_id,
    s.content_hash,
    s.code,
    s.promoter_code,
    coalesce(p.store_code, j.store_code) as store_code,
    s.claimed_at,
    j.unit_product_code as product_code,
    j.dealer_code,
    s.device_id,
    s.order_no,
    p.distance_m,
    p.accuracy_m,
    j.verdict,
    case when s.is_retry then 'retry' else j.reason end as reason,
    case when s.is_retry then s.claim_event_id else j.decided_by_event end as decided_by_event,
    j.hold_ends_at,
    case when j.verdict = 'clawed_back' then j.returned_at end as returned_at,
    s.is_retry
from core.claim_scan as s
join judged as j on j.event_id = s.claim_event_id and j.content_hash = s.claim_hash and j.code = s.code
join core.claim_place as p on p.event_id = s.event_id and p.content_hash = s.content_hash
