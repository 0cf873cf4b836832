-- name: core.promoter_claim
-- kind: table
-- partition: bucket = bucket(code)
-- grain: event_id, content_hash, code
-- A sell by a promoter and whether it stands. Decided here is what a sale needs: that the code is known, an
-- item, and was not taken out of use before. Every further check of promoter performance belongs here.
-- columns:
--   bucket: piece, by the unit's code
--   event_id: the claim
--   content_hash: tells two events with one id apart
--   code: the unit
--   promoter_code: who claims
--   store_code: where
--   claimed_at: when
--   verdict: accepted or rejected
--   reason: unknown_code, not_item or decommissioned
with decommissioned as (
    select code, min(event_time) as decommissioned_at
    from core.unit_movement
    where event_type = 'decommission'
    group by code
),
judged as (
    select
        s.bucket,
        s.event_id,
        s.content_hash,
        s.code,
        s.promoter_code,
        s.store_code,
        s.sighted_at as claimed_at,
        case
            when not coalesce(u.is_commissioned, false) then 'unknown_code'
            when u.level <> 'item' then 'not_item'
            when d.decommissioned_at <= s.sighted_at then 'decommissioned'
        end as reason
    from core.sighting as s
    left join core.unit as u on u.code = s.code
    left join decommissioned as d on d.code = s.code
    where s.event_type = 'sell' and s.promoter_code is not null
)
select
    bucket,
    event_id,
    content_hash,
    code,
    promoter_code,
    store_code,
    claimed_at,
    case when reason is null then 'accepted' else 'rejected' end as verdict,
    reason
from judged
