-- name: core.sales_order
-- kind: table
-- grain: system, source_id
-- Sales orders of every status.
-- columns:
--   order_no: document number
--   dealer_code: who ordered
--   ordered_at: when
--   ship_to_address: where it goes
--   ship_to_region: where it goes, if the system gives a code
--   status: draft, approved, closed or cancelled
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    d.order_no,
    coalesce(c.code, d.dealer_code) as dealer_code,
    d.ordered_at,
    d.ship_to_address,
    d.ship_to_region,
    d.status,
    d.system,
    d.source_id,
    d.source_changed_at,
    d.landed_at,
    d.attributes,
    d.is_deleted,
    d.deleted_at
from staging.all__sales_order as d
left join core.master_code as c
    on c.entity = 'dealer' and c.system = d.system and c.number = d.dealer_code
    and c.org_code = coalesce(d.org_code, '') and c.is_referred
