-- name: core.sale
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with m as (select code from changed.core__unit_movement where event_type = 'return' group by code, event_id, content_hash, via_code, event_time having count(*) = 1), s as (select code from changed.core__sighting group by code, event_id, content_hash, event_type, sighted_at, place_code, dealer_code, product_code, channel, promoter_code having count(*) = 1), u as (select code from changed.core__unit group by code, level, is_commissioned having count(*) = 1), c as (select code from changed.core__promoter_claim group by code, event_id, content_hash, verdict having count(*) = 1) select distinct bucket(code) as bucket, code from (select code from m union all select code from s union all select code from u union all select code from c)
-- slice: core.unit_movement, core.sighting, core.unit, core.promoter_claim
-- grain: code
-- The sale of an item: its first accepted sell since it was last returned, else its first verify since then. A sell
-- by a promoter is accepted as a claim, one by anybody else as it is.
-- Only scans of the item itself sell it; an item that came back last and was not seen since is not sold.
-- columns:
--   bucket: piece, by the unit's code
--   code: the item
--   event_id: the sell or verify
--   content_hash: tells two events with one id apart
--   event_type: sell or verify
--   sold_at: when
--   place_code: where, under today's codes
--   dealer_code: who had it
--   product_code: the product
--   channel: channel of the custody
with returned as (
    select code, max(event_time) as returned_at
    from core.unit_movement
    where event_type = 'return'
    group by code
),
offered as (
    select
        s.bucket,
        s.code,
        s.event_id,
        s.content_hash,
        s.event_type,
        s.sighted_at as sold_at,
        s.place_code,
        s.dealer_code,
        s.product_code,
        s.channel,
        -- By the code, so that a build of some codes asks for these alone.
        row_number() over (
            partition by s.code
            order by type_precedence(s.event_type), s.sighted_at, s.event_id, s.content_hash
        ) as place
    from core.sighting as s
    join core.unit as u on u.code = s.code and u.level = 'item' and u.is_commissioned
    left join returned as r on r.code = s.code
    left join core.promoter_claim as c
        on c.event_id = s.event_id and c.content_hash = s.content_hash and c.code = s.code
    where
        (s.event_type = 'verify' or (s.event_type = 'sell' and (s.promoter_code is null or c.verdict = 'accepted')))
        -- A return comes before a sell or verify of the same time.
        and (r.returned_at is null or s.sighted_at >= r.returned_at)
)
select bucket, code, event_id, content_hash, event_type, sold_at, place_code, dealer_code, product_code, channel
from offered
where place = 1
