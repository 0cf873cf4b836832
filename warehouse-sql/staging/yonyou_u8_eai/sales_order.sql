-- name: staging.yonyou_u8_eai__sales_order
-- kind: table
-- grain: system, source_id
-- 销售订单 saleorder over U8 EAI, one row per document
-- Header fields repeat on every line; they are taken from one line, a living one first.
-- columns:
--   system: the configured system
--   source_id: the document's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: document number
--   dealer_code: customer
--   org_code: U8 has one company per account
--   ordered_at: the document's day
--   ship_to_address: EAI documents no address of an order
--   ship_to_region: U8 has no official region code
--   status: draft, approved or closed; an order under change (Changing) was approved
with one_line as (
    select
        *,
        row_number() over (
            partition by _system, "id"
            order by case when _op = 'delete' then 1 else 0 end, "entry_position"
        ) as place
    from current.yonyou_u8_eai__sales_order
)
select
    _system as system,
    "id" as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as order_no,
    nullif(trim("custcode"), '') as dealer_code,
    cast(null as varchar) as org_code,
    business_midnight("date") as ordered_at,
    cast(null as varchar) as ship_to_address,
    cast(null as varchar) as ship_to_region,
    case
        when nullif(trim("closer"), '') is not null then 'closed'
        when "state" in ('Approved', 'Changing') or nullif(trim("verifier"), '') is not null then 'approved'
        else 'draft'
    end as status
from one_line
where place = 1
