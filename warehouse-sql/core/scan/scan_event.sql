-- name: core.scan_event
-- kind: table
-- partition: month
-- touched: select coalesce(substr(cast(event_time as varchar), 1, 7), 'none') as month, event_id from changed.raw__scans__event union select s.month, s.event_id from changed.raw__scans__event as c join core.scan_event as s on c.corrects_event_id = s.event_id where c.corrects_event_id is not null
-- expires: select min(event_time) from raw.scans__event where event_time > as_of()
-- grain: event_id, content_hash
-- Every scan event once, as of the instant of the build. An event without a valid time is kept; it takes
-- no part in containment, custody, sales or sightings.
-- An event that another one names in `corrects_event_id` is void for good. What a `void_ship` names is
-- left to custody, because it cancels the ship for its own codes only.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   event_id: the sender's id
--   content_hash: tells two events with one id apart
--   event_type: what happened
--   event_time: when it happened
--   recorded_at: when it was recorded
--   codes: the codes scanned, normalised
--   printed_codes: the same as printed
--   parent_code: the container of a pack or unpack
--   level: item, case or pallet of a commission
--   aliases: other carriers of the commissioned unit
--   product_code: the product
--   batch_no: the batch
--   work_order_no: the work order, as written
--   order_no: the order
--   delivery_no: the delivery
--   from_party: from whom
--   to_party: to whom
--   store_code: the store
--   promoter_code: the promoter
--   warehouse_code: the warehouse
--   bin: the bin
--   line: the line
--   team: the team
--   operator: the operator
--   device_id: the device
--   inputs: materials of a consume
--   longitude: of the position, as given
--   latitude: of the position, as given
--   datum: wgs84, gcj02 or bd09; empty means wgs84
--   accuracy_m: of the position, in metres
--   location_source: store, gps, lbs, address or ip
--   region_code: region given
--   address: address given
--   ip: of the device that asked
--   channel: the channel
--   corrects_event_id: the event it corrects
--   landed_at: when it arrived
--   is_voided: a later event corrects it
with seen as (
    select * from raw.scans__event where event_time is null or event_time <= as_of()
),
repeated as (
    select event_id, content_hash
    from seen
    group by event_id, content_hash
    having count(*) > 1
),
repeated_once as (
    select s.*
    from (
        select
            e.*,
            row_number() over (
                partition by e.event_id, e.content_hash
                order by e.landed_at, e.source_file, e.source_line
            ) as place
        from repeated as r
        join seen as e on r.event_id = e.event_id and r.content_hash = e.content_hash
    ) as s
    where s.place = 1
),
once as (
    select s.*
    -- The left side of a join is held in memory: it is the small one.
    from repeated as r
    right anti join seen as s on r.event_id = s.event_id and r.content_hash = s.content_hash
    -- Not by name: a union of names hides from the planner whose columns they are, and conditions on events stop here.
    union all
    select * exclude (place) from repeated_once
),
corrected as (
    select distinct corrects_event_id
    from seen
    where corrects_event_id is not null and corrects_event_id <> event_id and event_type <> 'void_ship'
)
select
    coalesce(substr(cast(e.event_time as varchar), 1, 7), 'none') as month,
    e.event_id,
    e.content_hash,
    e.event_type,
    e.event_time,
    e.recorded_at,
    e.codes,
    e.printed_codes,
    e.parent_code,
    e.level,
    e.aliases,
    e.product_code,
    e.batch_no,
    e.work_order_no,
    e.order_no,
    e.delivery_no,
    e.from_party,
    e.to_party,
    e.store_code,
    e.promoter_code,
    e.warehouse_code,
    e.bin,
    e.line,
    e.team,
    e.operator,
    e.device_id,
    e.inputs,
    e.longitude,
    e.latitude,
    e.datum,
    e.accuracy_m,
    e.location_source,
    e.region_code,
    e.address,
    e.ip,
    e.channel,
    e.corrects_event_id,
    e.landed_at,
    c.corrects_event_id is not null as is_voided
from corrected as c
right join once as e on c.corrects_event_id = e.event_id
