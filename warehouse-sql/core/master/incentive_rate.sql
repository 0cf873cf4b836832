-- name: core.incentive_rate
-- kind: table
-- grain: system, source_id
-- What a promoter is paid for an item.
-- columns:
--   product_code: the product
--   valid_from: first day; empty means open
--   valid_to: last day; empty means open
--   amount: per item
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    m.product_code,
    m.valid_from,
    m.valid_to,
    m.amount,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__incentive_rate as m
