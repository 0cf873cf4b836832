-- name: staging.files__sales_order_line
-- kind: table
-- grain: system, source_id
-- sales_order_line.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: order
--   line_no: line
--   product_code: product
--   org_code: a folder of files has no organisations
--   qty: in the line's unit
--   unit: unit
--   base_qty: in base units
--   price: tax-inclusive
--   amount: tax-inclusive
--   amount_untaxed: without tax
--   tax_rate: per cent
--   currency: document currency
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    order_no,
    cast(line_no as varchar) as line_no,
    product_code,
    cast(null as varchar) as org_code,
    cast(qty as decimal(28, 10)) as qty,
    unit,
    cast(base_qty as decimal(28, 10)) as base_qty,
    cast(price as decimal(28, 10)) as price,
    cast(amount as decimal(28, 10)) as amount,
    cast(amount_untaxed as decimal(28, 10)) as amount_untaxed,
    cast(tax_rate as decimal(28, 10)) as tax_rate,
    currency
from current.files__sales_order_line
