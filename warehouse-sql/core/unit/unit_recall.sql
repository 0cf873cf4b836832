-- name: core.unit_recall
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with e as (select code from changed.core__event_code where event_type = 'recall' group by code, event_id, content_hash, is_voided having count(*) = 1), t as (select code from changed.core__container_event where event_type = 'recall' group by code, event_id, content_hash, event_time, is_voided having count(*) = 1) select bucket(code) as bucket, code from e union select a.bucket, a.code from t join core.ancestry as a on t.code = a.ancestor_code
-- slice: core.event_code
-- grain: code
-- Units that were called back, by their own code or by that of what contained them then, since the first time.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit
--   recalled_at: when it was first called back
--   event_id: the recall
with scanned as (
    select bucket, code, event_id, content_hash, event_time
    from core.event_code
    where event_type = 'recall' and not is_voided and event_time is not null
),
reached as (
    select bucket, code, event_id, content_hash, event_time from scanned
    union all
    select a.bucket, a.code, s.event_id, s.content_hash, s.event_time
    -- The left side of a join is held in memory: it is the small one.
    from core.container_event as s
    join core.ancestry as a
        on s.code = a.ancestor_code
        and s.event_time >= a.inside_from
        and (a.inside_to is null or s.event_time < a.inside_to)
    where s.event_type = 'recall' and not s.is_voided
)
select
    bucket,
    code,
    min(event_time) as recalled_at,
    first_value(event_id order by event_time, event_id, content_hash) as event_id
from reached
group by bucket, code
