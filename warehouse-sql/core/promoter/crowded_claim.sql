-- name: core.crowded_claim
-- kind: table
-- partition: piece = bucket(promoter_code)
-- touched: with c as (select promoter_code from changed.core__claim_scan group by promoter_code, event_id, content_hash, code, claimed_at, is_retry, bucket, order_no having count(*) = 1) select distinct bucket(promoter_code) as piece, promoter_code from c
-- grain: promoter_code, event_id, content_hash, code
-- Claims with so many others of their promoter about them that a burst is possible: all claims of a burst lie in two spans
-- of time side by side, each as long as the rules' window, that hold more than the rules allow. Retries are not counted.
-- columns:
--   piece: piece, by the promoter
--   bucket: piece of the unit's code
--   promoter_code: who claims
--   event_id: the claim
--   content_hash: tells two events with one id apart
--   code: the unit
--   order_no: the order it names
--   claimed_at: when
with claim as (
    select
        s.bucket,
        s.promoter_code,
        s.event_id,
        s.content_hash,
        s.code,
        s.order_no,
        s.claimed_at,
        cast(s.claimed_at as bigint) / greatest(r.burst_window_s * 1000000, 1) as span,
        r.burst_items
    from core.claim_scan as s
    cross join rules.promoter as r
    where not s.is_retry
),
-- A span is counted with the one before it and with the one after it.
paired as (
    select c.promoter_code, c.span + s.side as pair, c.burst_items
    from claim as c
    cross join (values (0), (1)) as s (side)
),
crowded as (
    select promoter_code, pair
    from paired
    group by promoter_code, pair
    having count(*) > min(burst_items)
),
crowded_span as (
    select promoter_code, pair as span from crowded
    union
    select promoter_code, pair - 1 as span from crowded
)
select
    bucket(c.promoter_code) as piece,
    c.bucket,
    c.promoter_code,
    c.event_id,
    c.content_hash,
    c.code,
    c.order_no,
    c.claimed_at
from crowded_span as s
right semi join claim as c on s.promoter_code = c.promoter_code and s.span = c.span
