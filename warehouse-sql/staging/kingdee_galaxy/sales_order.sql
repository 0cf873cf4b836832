-- name: staging.kingdee_galaxy__sales_order
-- kind: table
-- grain: system, source_id
-- 销售订单 SAL_SaleOrder, one row per document
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
--   org_code: sales organisation
--   ordered_at: the document's day
--   ship_to_address: where it goes
--   ship_to_region: Kingdee has no official region code; the address is resolved
--   status: draft, approved, closed or cancelled
with one_line as (
    select
        *,
        row_number() over (
            partition by _system, "FID"
            order by case when _op = 'delete' then 1 else 0 end, "FSaleOrderEntry_FEntryID"
        ) as place
    from current.kingdee_galaxy__sales_order
)
select
    _system as system,
    cast("FID" as varchar) as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FBillNo"), '') as order_no,
    nullif(trim("FCustId__FNumber"), '') as dealer_code,
    nullif(trim("FSaleOrgId__FNumber"), '') as org_code,
    business_midnight("FDate") as ordered_at,
    nullif(trim("FReceiveAddress"), '') as ship_to_address,
    cast(null as varchar) as ship_to_region,
    case
        when "FCancelStatus" = 'B' then 'cancelled'
        when "FDocumentStatus" = 'C' and "FCloseStatus" = 'B' then 'closed'
        when "FDocumentStatus" = 'C' then 'approved'
        else 'draft'
    end as status
from one_line
where place = 1
