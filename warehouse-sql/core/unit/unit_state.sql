-- name: core.unit_state
-- kind: view
-- grain: code
-- Every unit with the one state it is in at the instant asked about, decided by the law over core.unit_fact.
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit
--   printed_code: as printed
--   level: item, case or pallet; empty: not known
--   product_code: the product
--   batch_no: the batch
--   work_order_no: the work order
--   is_commissioned: a line bound the code to a unit
--   commission_event_id: the commission
--   commission_hash: content hash of the commission
--   commissioned_at: when
--   state: unknown, line_reject, destroyed, sold, returned, in_store, dealer_stock, in_transit or in_factory
--   is_inferred: no scan of its own code says so
--   last_event_type: the last thing that happened to it
--   last_event_at: when
--   container_code: what it is inside of
--   dealer_code: who has it
--   held_since: since when
--   delivery_no: the delivery it came with
--   order_no: the order it came with
--   delivered_at: when that was shipped
--   earlier_holds: who had it before, or had it by an earlier ship
with decided as (
    select f.*, unit_state(f.facts, as_of(), r.transit_days) as standing
    from core.unit_fact as f
    cross join rules.recall as r
)
select
    bucket,
    code,
    printed_code,
    level,
    product_code,
    batch_no,
    work_order_no,
    is_commissioned,
    commission_event_id,
    commission_hash,
    commissioned_at,
    standing['state'] as state,
    standing['is_inferred'] as is_inferred,
    last_event_type,
    last_event_at,
    container_code,
    dealer_code,
    held_since,
    delivery_no,
    order_no,
    delivered_at,
    earlier_holds
from decided
