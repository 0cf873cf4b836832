-- name: staging.files__delivery_line
-- kind: table
-- grain: system, source_id
-- delivery_line.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: delivery
--   line_no: line
--   order_no: order
--   order_line_no: order line
--   product_code: product
--   org_code: a folder of files has no organisations
--   qty: in the line's unit
--   unit: unit
--   base_qty: in base units
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    delivery_no,
    cast(line_no as varchar) as line_no,
    order_no,
    cast(order_line_no as varchar) as order_line_no,
    product_code,
    cast(null as varchar) as org_code,
    cast(qty as decimal(28, 10)) as qty,
    unit,
    cast(base_qty as decimal(28, 10)) as base_qty
from current.files__delivery_line
