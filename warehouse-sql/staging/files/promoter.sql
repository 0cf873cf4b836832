-- name: staging.files__promoter
-- kind: table
-- grain: system, source_id
-- promoter.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   promoter_code: promoter
--   name: name
--   store_code: store
--   dealer_code: dealer
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    promoter_code,
    name,
    store_code,
    dealer_code
from current.files__promoter
