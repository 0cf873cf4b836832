-- name: marts.dealer_sales
-- kind: table
-- grain: day?, region_code?, dealer_code?, channel?
-- The sales of marts.regional_sales of all products together: what most questions ask, in a fraction of the rows.
-- columns:
--   day: business day; empty for an order without a date
--   region_code: most detailed region known, of today; empty: unresolved
--   dealer_code: the dealer
--   channel: the channel
--   ordered_qty: base units on approved or closed orders
--   ordered_amount: their amount, tax-inclusive, document currency
--   shipped_qty: items shipped
--   returned_qty: items returned
--   sold_qty: items sold
--   stock_change: change of the items dealers have and have not sold
select
    day,
    region_code,
    dealer_code,
    channel,
    sum(ordered_qty) as ordered_qty,
    sum(ordered_amount) as ordered_amount,
    sum(shipped_qty) as shipped_qty,
    sum(returned_qty) as returned_qty,
    sum(sold_qty) as sold_qty,
    sum(stock_change) as stock_change
from marts.regional_sales
group by day, region_code, dealer_code, channel
-- Questions are about some days: those of others are not read.
order by day
