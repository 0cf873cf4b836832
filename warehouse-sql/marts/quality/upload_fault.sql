-- name: marts.upload_fault
-- kind: table
-- partition: month
-- grain: month, day, node, device_id?, operator?, team?, fault, cause
-- What is wrong with uploaded events, and whether it follows a device, a process or a person. An event counts once for
-- each of its faults.
-- The cause is decided within a node (event type) and a month, the first that fits:
--   device  the event has no valid time, or was recorded more than 300 s before it happened, which only a clock does.
--   process the fault is against a document and two operators or two devices have it with the same document; or it is
--           general, with two devices and two operators (or nobody recorded) that have three events or more at the
--           node, three quarters of which show it in one event of twenty or more.
--   person  it follows the operator, who has it three times on other devices, at twice or more the rate of everybody
--           else.
--   device  it follows the device, on which other operators (or unnamed ones) have it three times, at twice or more the
--           rate of all other devices; the work of persons it follows is left out on both sides.
--   unclear both follow or neither does, as where one person always works with one device.
-- The numbers stand here and not among the rules because they sort work and decide no claim, payment or accusation.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   day: business day of the event, else of its record
--   node: event type
--   device_id: the device
--   operator: the operator, else the promoter
--   team: the team
--   cause: device, process, person or unclear
--   fault: no_time, clock_ahead, late, placeholder, or a fault of core.event_fault
--   events: events that have it
--   documents: orders, deliveries and work orders they name
--   example: one of them
with cell as (
    select month, node, fault, device_id, operator, sum(events) as events
    from core.upload_fault
    group by month, node, fault, device_id, operator
),
worked as (
    select
        month,
        node,
        device_id,
        operator,
        events,
        sum(events) over (partition by month, node) as at_node,
        sum(events) over (partition by month, node, device_id) as on_device,
        sum(events) over (partition by month, node, operator) as by_operator
    from cell
    where fault = 'any'
),
hit as (
    select
        h.month,
        h.node,
        h.fault,
        h.device_id,
        h.operator,
        h.events as hits,
        sum(h.events) over (partition by h.month, h.node, h.fault) as hits_at_node,
        sum(h.events) over (partition by h.month, h.node, h.fault, h.device_id) as hits_on_device,
        sum(h.events) over (partition by h.month, h.node, h.fault, h.operator) as hits_by_operator,
        w.events,
        w.at_node,
        w.on_device,
        w.by_operator
    from cell as h
    join worked as w
        on w.month = h.month
        and w.node = h.node
        and (w.device_id is not distinct from h.device_id)
        and (w.operator is not distinct from h.operator)
    where h.fault <> 'any'
),
working as (
    select
        month,
        node,
        count(distinct case when on_device >= 3 then device_id end) as devices,
        count(distinct case when by_operator >= 3 then operator end) as operators,
        count(operator) as named
    from worked
    group by month, node
),
showing as (
    select
        month,
        node,
        fault,
        count(distinct case when on_device >= 3 and hits_on_device * 20 >= on_device then device_id end) as devices,
        count(distinct case when by_operator >= 3 and hits_by_operator * 20 >= by_operator then operator end) as operators
    from hit
    group by month, node, fault
),
general as (
    select s.month, s.node, s.fault
    from showing as s
    join working as w on w.month = s.month and w.node = s.node
    where
        w.devices >= 2
        and s.devices * 4 >= w.devices * 3
        and (w.named = 0 or (w.operators >= 2 and s.operators * 4 >= w.operators * 3))
),
wrong_document as (
    select month, node, fault, document
    from core.upload_fault
    where document is not null and fault in ('unknown_document', 'other_product', 'other_batch', 'other_dealer')
    group by month, node, fault, document
    having count(distinct operator) >= 2 or count(distinct device_id) >= 2
),
-- The operator on other devices against everybody else.
followed as (
    select
        *,
        coalesce(
            operator is not null
            and device_id is not null
            and hits_by_operator - hits >= 3
            and cast(hits_by_operator - hits as double) / (by_operator - events)
            >= 2 * cast(hits_at_node - hits_by_operator as double) / nullif(at_node - by_operator, 0),
            false
        ) as follows_operator
    from hit
),
person as (
    select distinct month, node, fault, operator from followed where follows_operator
),
-- Everybody's work but that of the persons found, beside what of it has the fault.
impartial as (
    select
        f.month,
        f.node,
        f.fault,
        w.device_id,
        sum(w.events) as events,
        sum(sum(w.events)) over (partition by f.month, f.node, f.fault) as at_node,
        coalesce(sum(h.hits), 0) as hits,
        sum(coalesce(sum(h.hits), 0)) over (partition by f.month, f.node, f.fault) as hits_at_node
    from (select distinct month, node, fault from hit) as f
    join worked as w on w.month = f.month and w.node = f.node
    left anti join person as p
        on p.month = f.month and p.node = f.node and p.fault = f.fault and p.operator = w.operator
    left join hit as h
        on h.month = f.month
        and h.node = f.node
        and h.fault = f.fault
        and (h.device_id is not distinct from w.device_id)
        and (h.operator is not distinct from w.operator)
    group by f.month, f.node, f.fault, w.device_id
),
-- Others on the device, of whom unnamed operators are some, against all other devices.
compared as (
    select
        f.month,
        f.node,
        f.fault,
        f.device_id,
        f.operator,
        f.follows_operator,
        coalesce(
            i.hits - case when f.operator is null or p.operator is not null then 0 else f.hits end >= 3
            and cast(i.hits - case when f.operator is null or p.operator is not null then 0 else f.hits end as double)
            / (i.events - case when f.operator is null or p.operator is not null then 0 else f.events end)
            >= 2 * cast(i.hits_at_node - i.hits as double) / nullif(i.at_node - i.events, 0),
            false
        ) as follows_device
    from followed as f
    left join person as p
        on p.month = f.month and p.node = f.node and p.fault = f.fault and p.operator = f.operator
    left join impartial as i
        on i.month = f.month and i.node = f.node and i.fault = f.fault and i.device_id = f.device_id
)
select
    f.month,
    f.day,
    f.node,
    f.device_id,
    f.operator,
    f.team,
    case
        when f.fault in ('no_time', 'clock_ahead') then 'device'
        when r.document is not null or g.fault is not null then 'process'
        when c.follows_operator and not c.follows_device then 'person'
        when c.follows_device and not c.follows_operator then 'device'
        else 'unclear'
    end as cause,
    f.fault,
    sum(f.events) as events,
    count(distinct f.document) as documents,
    min(f.example) as example
from core.upload_fault as f
join compared as c
    on c.month = f.month
    and c.node = f.node
    and c.fault = f.fault
    and (c.device_id is not distinct from f.device_id)
    and (c.operator is not distinct from f.operator)
left join general as g on g.month = f.month and g.node = f.node and g.fault = f.fault
left join wrong_document as r
    on r.month = f.month and r.node = f.node and r.fault = f.fault and r.document = f.document
where f.fault <> 'any'
group by 1, 2, 3, 4, 5, 6, 7, 8
