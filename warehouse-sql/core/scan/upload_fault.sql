-- name: core.upload_fault
-- kind: table
-- partition: month
-- grain: month, day, node, device_id?, operator?, team?, document?, fault
-- Events counted by who uploaded them with what and by what is wrong with them: once as `any`, and once for each of
-- their faults. Void events are left out, and so are checks by consumers, which nobody of ours uploads.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   day: business day of the event, else of its record
--   node: event type
--   device_id: the device
--   operator: the operator, else the promoter
--   team: the team
--   document: the delivery it names, else the order, else the work order
--   fault: any, no_time, clock_ahead (recorded more than 300 s before it happened), late, placeholder, or a fault of
--     core.event_fault
--   events: events
--   example: one of them
with placeholder as (
    select array_agg(distinct normalize_code(code)) as codes from rules.placeholder
),
against as (
    select month, event_id, content_hash, array_agg(distinct fault) as faults
    from core.event_fault
    group by month, event_id, content_hash
),
event as (
    select
        e.month,
        business_date(coalesce(e.event_time, e.recorded_at)) as day,
        e.event_type as node,
        e.device_id,
        coalesce(e.operator, e.promoter_code) as operator,
        e.team,
        coalesce(e.delivery_no, e.order_no, e.work_order_no) as document,
        e.event_id,
        array_concat(
            make_array(
                'any',
                case when e.event_time is null then 'no_time' end,
                case when cast(e.recorded_at as bigint) - cast(e.event_time as bigint) < -300000000 then 'clock_ahead' end,
                case when cast(e.recorded_at as bigint) - cast(e.event_time as bigint) > l.sla_s * 1000000 then 'late' end,
                case
                    when
                        regexp_like(array_to_string(e.codes, ' '), '(^| )0+( |$)')
                        or coalesce(array_has_any(e.codes, p.codes), false)
                        then 'placeholder'
                end
            ),
            coalesce(f.faults, make_array(cast(null as varchar)))
        ) as faults
    from against as f
    right join core.scan_event as e
        on f.month = e.month and f.event_id = e.event_id and f.content_hash = e.content_hash
    left join rules.upload_sla as l on l.event_type = e.event_type
    cross join placeholder as p
    where not e.is_voided and e.event_type <> 'verify'
),
listed as (
    select month, day, node, device_id, operator, team, document, event_id, unnest(faults) as fault from event
)
select
    month,
    day,
    node,
    device_id,
    operator,
    team,
    document,
    fault,
    count(*) as events,
    min(event_id) as example
from listed
where fault is not null
group by month, day, node, device_id, operator, team, document, fault
