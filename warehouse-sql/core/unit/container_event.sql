-- name: core.container_event
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with k as (select code from changed.core__container group by code having count(*) = 1), e as (select c.code from core.container as c join (select code from changed.core__event_code group by code, event_id, content_hash, event_type, event_time, store_code, is_voided having count(*) = 1) as e on e.code = c.code) select bucket(code) as bucket, code from k union select bucket(code) as bucket, code from e
-- slice: core.event_code
-- grain: event_id, content_hash, code
-- What was scanned on units that others were ever inside of, as far as it may happen to what is inside: a commission, pack,
-- unpack, sell or verify is of the scanned unit alone. Void events stay, marked.
-- columns:
--   bucket: piece, by the container's code
--   code: the container
--   event_id: the event
--   content_hash: tells two events with one id apart
--   event_type: what happened
--   event_time: when
--   store_code: store given
--   is_voided: a later event corrects it
select e.bucket, e.code, e.event_id, e.content_hash, e.event_type, e.event_time, e.store_code, e.is_voided
-- The left side of a join is held in memory: it is the small one.
from core.container as c
join core.event_code as e on c.code = e.code
where e.event_type not in ('commission', 'pack', 'unpack', 'sell', 'verify')
