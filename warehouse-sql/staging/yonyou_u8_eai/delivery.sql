-- name: staging.yonyou_u8_eai__delivery
-- kind: table
-- grain: system, source_id
-- 销售出库单 storeout, voucher type 32, over U8 EAI, one row per document
-- Header fields repeat on every line; they are taken from one line, a living one first.
-- columns:
--   system: the configured system
--   source_id: the document's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   dealer_code: customer
--   org_code: U8 has one company per account
--   stock_org_code: U8 has one company per account
--   order_no: given by the lines
--   warehouse_code: warehouse
--   carrier: EAI documents none
--   waybill_no: EAI documents none
--   shipped_at: the document's day
--   status: draft or approved: it has an auditor
with one_line as (
    select
        *,
        row_number() over (
            partition by _system, "id"
            order by case when _op = 'delete' then 1 else 0 end, "entry_position"
        ) as place
    from current.yonyou_u8_eai__delivery
)
select
    _system as system,
    "id" as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as delivery_no,
    nullif(trim("customercode"), '') as dealer_code,
    cast(null as varchar) as org_code,
    cast(null as varchar) as stock_org_code,
    cast(null as varchar) as order_no,
    nullif(trim("warehousecode"), '') as warehouse_code,
    cast(null as varchar) as carrier,
    cast(null as varchar) as waybill_no,
    business_midnight("date") as shipped_at,
    case when nullif(trim("handler"), '') is not null then 'approved' else 'draft' end as status
from one_line
where place = 1
