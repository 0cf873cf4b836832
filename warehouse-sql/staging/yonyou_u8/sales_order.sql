-- name: staging.yonyou_u8__sales_order
-- kind: table
-- grain: system, source_id
-- 销售订单 SO_SOMain
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: document number
--   dealer_code: customer
--   org_code: none: an account set is one company
--   ordered_at: the document's day
--   ship_to_address: where it goes
--   ship_to_region: U8 has no official region code; the address is resolved
--   status: draft, approved or closed
with document as (
    select
        *,
        -- A document carried over to the next year's database stands in both; the latest speaks.
        row_number() over (
            partition by _system, coalesce("cSOCode", _key), "dDate"
            order by case when _op = 'delete' then 1 else 0 end, account_database desc, "ID"
        ) as place
    from current.yonyou_u8__sales_order
)
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("cSOCode"), '') as order_no,
    nullif(trim("cCusCode"), '') as dealer_code,
    cast(null as varchar) as org_code,
    "dDate" as ordered_at,
    nullif(trim("cCusOAddress"), '') as ship_to_address,
    cast(null as varchar) as ship_to_region,
    case
        when nullif(trim("cCloser"), '') is not null then 'closed'
        when nullif(trim("cVerifier"), '') is not null then 'approved'
        else 'draft'
    end as status
from document
where place = 1
