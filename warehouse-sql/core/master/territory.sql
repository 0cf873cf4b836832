-- name: core.territory
-- kind: table
-- grain: system, source_id
-- Where a dealer may sell what, and when.
-- columns:
--   dealer_code: the dealer
--   product_code: empty means any
--   category: empty means any
--   channel: empty means any
--   region_code: region of any level
--   valid_from: first day; empty means open
--   valid_to: last day; empty means open
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    m.dealer_code,
    m.product_code,
    m.category,
    m.channel,
    m.region_code,
    m.valid_from,
    m.valid_to,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__territory as m
