-- name: core.dealer
-- kind: table
-- grain: system, dealer_code
-- One row per dealer and system, however many organisations it is allotted to.
-- columns:
--   dealer_code: the dealer
--   name: name
--   level: level in the dealer tree
--   parent_dealer_code: dealer above
--   address: address; not its territory
--   region_code: region, if the system gives it
--   channel: channel
--   status: as the system says
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    c.code as dealer_code,
    m.name,
    m.level,
    m.parent_dealer_code,
    m.address,
    m.region_code,
    m.channel,
    m.status,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__dealer as m
join core.master_code as c
    on c.entity = 'dealer' and c.system = m.system and c.source_id = m.source_id
where c.is_chosen
