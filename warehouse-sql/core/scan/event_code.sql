-- name: core.event_code
-- kind: table
-- partition: bucket
-- touched: select distinct bucket(coalesce(a.code, d.code)) from (select unnest(codes) as code from (select codes from changed.core__scan_event group by event_id, content_hash, is_voided, codes having count(*) = 1)) as d left join core.code_alias as a on a.alias = d.code
-- grain: event_id, content_hash, code
-- One row per event and unit scanned. Carriers of one unit are one unit, a placeholder of a damaged label is
-- none. Void events stay, marked.
-- columns:
--   bucket: piece of the unit-wise tables
--   code: the unit
--   printed_code: as printed
--   event_id: the event
--   content_hash: tells two events with one id apart
--   event_type: what happened
--   event_time: when; empty events take no part in state
--   recorded_at: when it was recorded
--   parent_code: the container of a pack or unpack; a placeholder stays unreadable
--   level: level given at commission
--   product_code: product given
--   batch_no: batch given
--   work_order_no: work order given
--   order_no: order given
--   delivery_no: delivery given
--   store_code: store given
--   promoter_code: promoter given
--   device_id: the device
--   is_voided: a later event corrects it
with scanned as (
    select
        event_id,
        content_hash,
        unnest(codes) as scanned_code,
        unnest(printed_codes) as printed_code
    from core.scan_event
),
carried as (
    select
        s.event_id,
        s.content_hash,
        coalesce(a.code, s.scanned_code) as code,
        s.printed_code
    from scanned as s
    left join core.code_alias as a on a.alias = s.scanned_code
    left anti join rules.placeholder as p on normalize_code(p.code) = s.scanned_code
    where btrim(s.scanned_code, '0') <> ''
),
once as (
    select event_id, content_hash, code, min(printed_code) as printed_code
    from carried
    group by event_id, content_hash, code
)
select
    bucket(o.code) as bucket,
    o.code,
    o.printed_code,
    e.event_id,
    e.content_hash,
    e.event_type,
    e.event_time,
    e.recorded_at,
    coalesce(a.code, e.parent_code) as parent_code,
    e.level,
    e.product_code,
    e.batch_no,
    e.work_order_no,
    e.order_no,
    e.delivery_no,
    e.store_code,
    e.promoter_code,
    e.device_id,
    e.is_voided
from once as o
join core.scan_event as e on e.event_id = o.event_id and e.content_hash = o.content_hash
left join core.code_alias as a on a.alias = e.parent_code
