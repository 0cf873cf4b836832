-- name: core.complaint
-- kind: table
-- partition: month
-- touched: select coalesce(substr(cast(event_time as varchar), 1, 7), 'none') as month from changed.raw__scans__event union select c.month from changed.core__code_alias as a join core.complaint as c on a.alias = c.scanned_code
-- grain: event_id, content_hash, scanned_code
-- Units that somebody complained about: events whose record has a field `complaint` of its own that is true or says
-- something (客诉), of any type.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   bucket: piece of the unit-wise tables
--   event_id: the event
--   content_hash: tells two events with one id apart
--   scanned_code: the code as scanned
--   code: the unit
with told as (
    select distinct
        coalesce(substr(cast(event_time as varchar), 1, 7), 'none') as month,
        event_id,
        content_hash
    from raw.scans__event
    where regexp_like(attributes, '"complaint": ?(true|"[^"])')
),
named as (
    select distinct e.month, e.event_id, e.content_hash, unnest(e.codes) as scanned_code
    from told as t
    join core.scan_event as e on e.month = t.month and e.event_id = t.event_id and e.content_hash = t.content_hash
    where not e.is_voided
)
select
    n.month,
    bucket(coalesce(a.code, n.scanned_code)) as bucket,
    n.event_id,
    n.content_hash,
    n.scanned_code,
    coalesce(a.code, n.scanned_code) as code
from named as n
left join core.code_alias as a on a.alias = n.scanned_code
