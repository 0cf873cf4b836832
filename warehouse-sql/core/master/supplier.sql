-- name: core.supplier
-- kind: table
-- grain: system, supplier_code
-- One row per supplier and system, however many organisations it is allotted to.
-- columns:
--   supplier_code: the supplier
--   name: name
--   address: address
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    c.code as supplier_code,
    m.name,
    m.address,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__supplier as m
join core.master_code as c
    on c.entity = 'supplier' and c.system = m.system and c.source_id = m.source_id
where c.is_chosen
