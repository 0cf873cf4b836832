-- name: staging.yonyou_bip__delivery_line
-- kind: table
-- grain: system, source_id
-- 销售出库单 salesout/list, one row per line
-- Of unit and unit_name one holds the id, and the published sample shows them swapped.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   line_no: id of the line, the list shows no number
--   order_no: root sales order, else the source document
--   order_line_no: not on the list
--   product_code: product
--   org_code: stock organisation
--   qty: in main units
--   unit: unit
--   base_qty: in main units
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as delivery_no,
    cast("details_id" as varchar) as line_no,
    coalesce(nullif(trim("firstupcode"), ''), nullif(trim("srcBillNO"), '')) as order_no,
    cast(null as varchar) as order_line_no,
    nullif(trim("product_cCode"), '') as product_code,
    nullif(trim("org"), '') as org_code,
    "qty" as qty,
    case
        when regexp_like("unit_name", '^[0-9]+$') then nullif(trim("unit"), '')
        else nullif(trim("unit_name"), '')
    end as unit,
    "qty" as base_qty
from current.yonyou_bip__delivery
where "details_id" <> 0
