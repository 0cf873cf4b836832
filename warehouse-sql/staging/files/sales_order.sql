-- name: staging.files__sales_order
-- kind: table
-- grain: system, source_id
-- sales_order.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: order
--   dealer_code: dealer
--   org_code: a folder of files has no organisations
--   ordered_at: when
--   ship_to_address: where it goes
--   ship_to_region: region it goes to
--   status: draft, approved, closed or cancelled; empty means approved
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    order_no,
    dealer_code,
    cast(null as varchar) as org_code,
    ordered_at,
    ship_to_address,
    ship_to_region,
    coalesce(lower(status), 'approved') as status
from current.files__sales_order
