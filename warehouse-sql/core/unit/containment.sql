-- name: core.containment
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with e as (select code from changed.core__event_code where event_type in ('pack', 'unpack') group by code, event_id, content_hash, is_voided, parent_code having count(*) = 1) select distinct bucket(code) as bucket, code from e
-- slice: core.event_code
-- grain: code, contained_from
-- When a unit was in which container, half open in time. A pack into a placeholder puts a unit nowhere.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit inside
--   parent_code: the container
--   contained_from: since when
--   contained_to: until when; empty while it is in there
--   start_event_id: the pack
--   end_event_id: the unpack, or the pack into another container
with packing as (
    select
        e.bucket,
        e.code,
        e.event_id,
        e.content_hash,
        e.event_type,
        e.event_time,
        e.parent_code
    from core.event_code as e
    left join rules.placeholder as p on normalize_code(p.code) = e.parent_code
    where
        e.event_type in ('pack', 'unpack')
        and not e.is_voided
        and e.event_time is not null
        and coalesce(e.parent_code, '') <> e.code
        and (
            e.event_type = 'unpack'
            or (e.parent_code is not null and btrim(e.parent_code, '0') <> '' and p.code is null)
        )
),
stays as (
    select
        bucket,
        code,
        unnest(containment(array_agg(named_struct(
            'event_id', event_id,
            'content_hash', content_hash,
            'event_type', event_type,
            'event_time', event_time,
            'parent_code', parent_code
        )))) as stay
    from packing
    group by bucket, code
)
select
    bucket,
    code,
    stay['parent_code'] as parent_code,
    stay['contained_from'] as contained_from,
    stay['contained_to'] as contained_to,
    stay['start_event_id'] as start_event_id,
    stay['end_event_id'] as end_event_id
from stays
