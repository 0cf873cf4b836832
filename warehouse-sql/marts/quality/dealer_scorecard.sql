-- name: marts.dealer_scorecard
-- kind: table
-- grain: dealer_code, day
-- What every dealer received by scan of what was shipped to it, and how well it reports, day by day.
-- columns:
--   dealer_code: the dealer
--   day: business day of the ship, for reports of the event
--   shipped: items shipped to it
--   received: those it received by scan
--   events: events it reported
--   on_time: those uploaded within the time that is set for the node
--   accurate: those with nothing against them
with flow as (
    select dealer_code, day, shipped, received, 0 as events, 0 as on_time, 0 as accurate
    from core.dealer_receipt
    union all
    select dealer_code, day, 0 as shipped, 0 as received, events, on_time, accurate
    from core.dealer_upload
)
select
    dealer_code,
    day,
    sum(shipped) as shipped,
    sum(received) as received,
    sum(events) as events,
    sum(on_time) as on_time,
    sum(accurate) as accurate
from flow
group by dealer_code, day
