-- name: core.delivery_line
-- kind: table
-- grain: system, source_id
-- Lines of goods issues.
-- A system that gives no base quantity gets it from the unit, which is the product's base unit, a case or
-- a pallet; any other unit is taken as it stands and shown by an audit.
-- columns:
--   delivery_no: the delivery
--   line_no: the line
--   order_no: the order it delivers
--   order_line_no: the order's line
--   product_code: the product
--   qty: in the line's unit
--   unit: the line's unit
--   base_qty: in base units
--   is_base_known: the base quantity is not a guess
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    d.delivery_no,
    d.line_no,
    d.order_no,
    d.order_line_no,
    coalesce(c.code, d.product_code) as product_code,
    d.qty,
    d.unit,
    cast(coalesce(
        d.base_qty,
        case
            when d.unit = p.base_unit then d.qty
            when lower(d.unit) in ('箱', '件', 'case', 'cs', 'ctn', 'xiang', 'jian') then d.qty * p.items_per_case
            when lower(d.unit) in ('托', '板', 'pallet', 'plt', 'tuo') then d.qty * p.items_per_case * p.cases_per_pallet
        end,
        d.qty
    ) as decimal(28, 10)) as base_qty,
    d.base_qty is not null or d.unit is null or coalesce(d.unit = p.base_unit, false)
    or coalesce(lower(d.unit) in ('箱', '件', 'case', 'cs', 'ctn', 'xiang', 'jian') and p.items_per_case is not null, false)
    or coalesce(lower(d.unit) in ('托', '板', 'pallet', 'plt', 'tuo') and p.items_per_case * p.cases_per_pallet is not null, false) as is_base_known,
    d.system,
    d.source_id,
    d.source_changed_at,
    d.landed_at,
    d.attributes,
    d.is_deleted,
    d.deleted_at
from staging.all__delivery_line as d
left join core.master_code as c
    on c.entity = 'product' and c.system = d.system and c.number = d.product_code
    and c.org_code = coalesce(d.org_code, '') and c.is_referred
left join core.product_profile as p on p.product_code = coalesce(c.code, d.product_code)
