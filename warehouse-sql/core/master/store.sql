-- name: core.store
-- kind: table
-- grain: system, source_id
-- Shops at which goods are opened and sold.
-- columns:
--   store_code: the store
--   name: name
--   dealer_code: dealer that serves it
--   address: address
--   region_code: region, if given
--   longitude: WGS-84
--   latitude: WGS-84
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    m.store_code,
    m.name,
    m.dealer_code,
    m.address,
    m.region_code,
    m.longitude,
    m.latitude,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__store as m
