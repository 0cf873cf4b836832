-- name: staging.files__incentive_rate
-- kind: table
-- grain: system, source_id
-- incentive_rate.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   product_code: product
--   valid_from: first day; empty: open
--   valid_to: last day; empty: open
--   amount: per item
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    product_code,
    valid_from,
    valid_to,
    cast(amount as decimal(28, 10)) as amount
from current.files__incentive_rate
