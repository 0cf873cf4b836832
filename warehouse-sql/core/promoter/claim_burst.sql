-- name: core.claim_burst
-- kind: table
-- partition: piece = bucket(promoter_code)
-- touched: with c as (select promoter_code from changed.core__crowded_claim group by promoter_code, event_id, content_hash, code, bucket, order_no, claimed_at having count(*) = 1), o as (select order_no from changed.core__sales_order group by system, source_id, order_no, status, is_deleted having count(*) = 1) select bucket(promoter_code) as piece, promoter_code from c union select bucket(s.promoter_code) as piece, s.promoter_code from o join core.crowded_claim as s on o.order_no = s.order_no
-- grain: promoter_code, event_id, content_hash, code
-- Claims made faster than one sells: those among more claims of one promoter than the rules allow within a window
-- of time, wherever the window begins, whatever becomes of the others. Retries are not counted. A claim that
-- names an order of the ERP, approved or closed, is a purchase of many and is left out; it counts for the others.
-- columns:
--   piece: piece, by the promoter
--   bucket: piece of the unit's code
--   promoter_code: who claims
--   event_id: the claim
--   content_hash: tells two events with one id apart
--   code: the unit
--   burst_event_id: the first claim of the burst
with claim as (
    select
        s.bucket,
        s.promoter_code,
        s.event_id,
        s.content_hash,
        s.code,
        s.order_no,
        cast(s.claimed_at as bigint) as at_us,
        r.burst_items,
        r.burst_window_s * 1000000 as window_us,
        cast(row_number() over (
            partition by s.promoter_code
            order by s.claimed_at, s.event_id, s.content_hash, s.code
        ) as bigint) as place
    from core.crowded_claim as s
    cross join rules.promoter as r
),
-- A claim begins a burst if the window from it on holds one more than the rules allow.
reach as (
    select promoter_code, place, place + burst_items as last_place, at_us + window_us as window_ends_us
    from claim
),
beginning as (
    select r.promoter_code, r.place
    from reach as r
    join claim as l on l.promoter_code = r.promoter_code and l.place = r.last_place
    where l.at_us <= r.window_ends_us
),
-- The last beginning up to a claim is the one whose window ends last. Claims of one time are peers.
followed as (
    select
        c.*,
        max(b.place) over (partition by c.promoter_code order by c.at_us) as beginning_place
    from claim as c
    left join beginning as b on b.promoter_code = c.promoter_code and b.place = c.place
),
burst as (
    select
        f.bucket,
        f.promoter_code,
        f.event_id,
        f.content_hash,
        f.code,
        f.order_no,
        b.event_id as burst_event_id
    from followed as f
    join claim as b on b.promoter_code = f.promoter_code and b.place = f.beginning_place
    where f.at_us <= b.at_us + b.window_us
),
ordered as (
    select distinct order_no
    from core.sales_order
    where order_no is not null and status in ('approved', 'closed') and not is_deleted
)
select
    bucket(b.promoter_code) as piece,
    b.bucket,
    b.promoter_code,
    b.event_id,
    b.content_hash,
    b.code,
    b.burst_event_id
from burst as b
left anti join ordered as o on o.order_no = b.order_no
