-- name: core.warehouse
-- kind: table
-- grain: system, warehouse_code
-- One row per warehouse and system, however many organisations it is allotted to.
-- columns:
--   warehouse_code: the warehouse
--   name: name
--   address: address
--   region_code: region, if the system gives it
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    c.code as warehouse_code,
    m.name,
    m.address,
    m.region_code,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__warehouse as m
join core.master_code as c
    on c.entity = 'warehouse' and c.system = m.system and c.source_id = m.source_id
where c.is_chosen
