-- name: core.promoter
-- kind: table
-- grain: system, source_id
-- People who claim sales.
-- columns:
--   promoter_code: the promoter
--   name: name
--   store_code: the store worked at
--   dealer_code: the dealer worked for
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    m.promoter_code,
    m.name,
    m.store_code,
    m.dealer_code,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__promoter as m
