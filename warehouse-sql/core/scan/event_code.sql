-- name: core.event_code
-- kind: table
-- partition: bucket = bucket(code)
-- touched: select distinct bucket(coalesce(a.code, d.code)) as bucket, d.event_id from (select event_id, unnest(codes) as code from (select event_id, codes from changed.core__scan_event group by event_id, content_hash, is_voided, codes having count(*) = 1)) as d left join core.code_alias as a on a.alias = d.code
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
--   longitude: of the position, as given
--   latitude: of the position, as given
--   datum: wgs84, gcj02 or bd09; empty means wgs84
--   accuracy_m: of the position, in metres
--   location_source: store, gps, lbs, address or ip
--   region_code: region given
--   address: address given
--   ip: of the device that asked
--   is_voided: a later event corrects it
with scanned as (
    select
        event_id,
        content_hash,
        unnest(codes) as scanned_code,
        unnest(printed_codes) as printed_code,
        event_type,
        event_time,
        recorded_at,
        parent_code,
        level,
        product_code,
        batch_no,
        work_order_no,
        order_no,
        delivery_no,
        store_code,
        promoter_code,
        device_id,
        longitude,
        latitude,
        datum,
        accuracy_m,
        location_source,
        region_code,
        address,
        ip,
        is_voided
    from core.scan_event
),
-- The left side of a join is held in memory: it is the small one.
readable as (
    select s.*
    from (select distinct normalize_code(code) as code from rules.placeholder) as p
    right anti join scanned as s on p.code = s.scanned_code
    where btrim(s.scanned_code, '0') <> ''
),
carried as (
    select
        coalesce(a.code, s.scanned_code) as code,
        a.code is not null as is_alias,
        s.*
    from core.code_alias as a
    right join readable as s on a.alias = s.scanned_code
),
-- An event names a code once; only through another carrier can it name a unit twice.
carrier_event as (
    select distinct event_id, content_hash from carried where is_alias
),
named_once as (
    select c.*
    from carrier_event as e
    right anti join carried as c on e.event_id = c.event_id and e.content_hash = c.content_hash
),
named_again as (
    select
        c.*,
        row_number() over (partition by c.event_id, c.content_hash, c.code order by c.printed_code) as place
    from carrier_event as e
    join carried as c on e.event_id = c.event_id and e.content_hash = c.content_hash
),
-- Not by name: a union of names hides from the planner whose columns they are, and conditions on events stop here.
once as (
    select * from named_once
    union all
    select * exclude (place) from named_again where place = 1
)
select
    bucket(o.code) as bucket,
    o.code,
    o.printed_code,
    o.event_id,
    o.content_hash,
    o.event_type,
    o.event_time,
    o.recorded_at,
    coalesce(a.code, o.parent_code) as parent_code,
    o.level,
    o.product_code,
    o.batch_no,
    o.work_order_no,
    o.order_no,
    o.delivery_no,
    o.store_code,
    o.promoter_code,
    o.device_id,
    o.longitude,
    o.latitude,
    o.datum,
    o.accuracy_m,
    o.location_source,
    o.region_code,
    o.address,
    o.ip,
    o.is_voided
from core.code_alias as a
right join once as o on a.alias = o.parent_code
