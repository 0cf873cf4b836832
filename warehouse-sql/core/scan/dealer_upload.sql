-- name: core.dealer_upload
-- kind: table
-- partition: month
-- touched: select substr(cast(event_time as varchar), 1, 7) as month from changed.core__movement group by event_id, content_hash, event_time, holder_code, from_party having count(*) = 1 union select month from changed.core__scan_event where event_type in ('receive', 'transfer', 'open_case', 'sell') union select month from changed.core__event_fault
-- grain: month, day, dealer_code, node
-- What dealers themselves report: goods they receive and hand on, cases opened and items sold at their stores.
-- One without a valid time is not in time.
-- columns:
--   month: month of the event in UTC; `none` without a time
--   day: business day of the event, else of its record
--   dealer_code: the dealer
--   node: receive, transfer, open_case or sell
--   events: events
--   on_time: those uploaded within the time that is set for the node
--   accurate: those with nothing against them
with reported as (
    select
        e.month,
        e.day,
        case e.node
            when 'receive' then coalesce(m.holder_code, s.dealer_code)
            when 'transfer' then coalesce(p.dealer_code, s.dealer_code)
            else s.dealer_code
        end as dealer_code,
        e.node,
        coalesce(e.lag_us <= l.sla_s * 1000000, false) as is_on_time,
        e.is_accurate
    from core.upload_event as e
    left join core.movement as m on m.event_id = e.event_id and m.content_hash = e.content_hash
    left join core.dealer_profile as p on p.dealer_code = e.from_party
    left join core.store_profile as s on s.store_code = e.store_code
    left join rules.upload_sla as l on l.event_type = e.node
    where e.node in ('receive', 'transfer', 'open_case', 'sell')
)
select
    month,
    day,
    dealer_code,
    node,
    count(*) as events,
    sum(case when is_on_time then 1 else 0 end) as on_time,
    sum(case when is_accurate then 1 else 0 end) as accurate
from reported
where dealer_code is not null
group by month, day, dealer_code, node
