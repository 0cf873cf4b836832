-- name: staging.files__store
-- kind: table
-- grain: system, source_id
-- store.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   store_code: store
--   name: name
--   dealer_code: dealer that serves it
--   address: address
--   region_code: region
--   longitude: WGS-84
--   latitude: WGS-84
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    store_code,
    name,
    dealer_code,
    address,
    region_code,
    longitude,
    latitude
from current.files__store
