-- name: core.claim_scan
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with e as (select code from changed.core__event_code where event_type = 'sell' group by code, event_id, content_hash, is_voided, parent_code having count(*) = 1) select distinct bucket(code) as bucket, code from e
-- slice: core.event_code
-- grain: event_id, content_hash, code
-- Every sell of a unit by a promoter, and the claim it makes. A scan that follows another one of the same unit,
-- promoter and device within the retry time makes no claim of its own: it is the other one's again, whatever
-- comes of that. A device that is not told is one device.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the sell
--   content_hash: tells two events with one id apart
--   code: the unit
--   promoter_code: who claims
--   device_id: the device
--   order_no: the order it names
--   product_code: the product it names
--   claimed_at: when
--   is_retry: it repeats an earlier scan
--   claim_event_id: the scan that made the claim; its own if it is no retry
--   claim_hash: content hash of that scan
with sold as (
    select
        bucket,
        event_id,
        content_hash,
        code,
        promoter_code,
        device_id,
        order_no,
        product_code,
        event_time as claimed_at
    from core.event_code
    where event_type = 'sell' and promoter_code is not null and not is_voided and event_time is not null
),
followed as (
    select
        s.*,
        lag(s.claimed_at) over (
            partition by s.code, s.promoter_code, s.device_id
            order by s.claimed_at, s.event_id, s.content_hash
        ) as previous_at
    from sold as s
),
repeated as (
    select
        f.*,
        coalesce(cast(f.claimed_at as bigint) - cast(f.previous_at as bigint) <= r.retry_s * 1000000, false) as is_retry
    from followed as f
    cross join rules.promoter as r
),
numbered as (
    select
        p.*,
        sum(case when p.is_retry then 0 else 1 end) over (
            partition by p.code, p.promoter_code, p.device_id
            order by p.claimed_at, p.event_id, p.content_hash
            rows between unbounded preceding and current row
        ) as claim_no
    from repeated as p
)
select
    bucket,
    event_id,
    content_hash,
    code,
    promoter_code,
    device_id,
    order_no,
    product_code,
    claimed_at,
    is_retry,
    first_value(event_id) over (
        partition by code, promoter_code, device_id, claim_no
        order by claimed_at, event_id, content_hash
    ) as claim_event_id,
    first_value(content_hash) over (
        partition by code, promoter_code, device_id, claim_no
        order by claimed_at, event_id, content_hash
    ) as claim_hash
from numbered
