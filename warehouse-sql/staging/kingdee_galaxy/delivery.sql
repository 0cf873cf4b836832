-- name: staging.kingdee_galaxy__delivery
-- kind: table
-- grain: system, source_id
-- 销售出库单 SAL_OUTSTOCK, one row per document
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
--   org_code: sales organisation
--   stock_org_code: stock organisation
--   order_no: given by the lines
--   warehouse_code: of the first line
--   carrier: carrier
--   waybill_no: waybill
--   shipped_at: the document's day
--   status: draft, approved, closed or cancelled
with one_line as (
    select
        *,
        row_number() over (
            partition by _system, "FID"
            order by case when _op = 'delete' then 1 else 0 end, "FEntity_FENTRYID"
        ) as place
    from current.kingdee_galaxy__delivery
)
select
    _system as system,
    cast("FID" as varchar) as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FBillNo"), '') as delivery_no,
    nullif(trim("FCustomerID__FNumber"), '') as dealer_code,
    nullif(trim("FSaleOrgId__FNumber"), '') as org_code,
    nullif(trim("FStockOrgId__FNumber"), '') as stock_org_code,
    cast(null as varchar) as order_no,
    nullif(trim("FStockID__FNumber"), '') as warehouse_code,
    nullif(trim("FCarrierID__FName"), '') as carrier,
    nullif(trim("FCarriageNO"), '') as waybill_no,
    business_midnight("FDate") as shipped_at,
    case
        when "FCancelStatus" = 'B' then 'cancelled'
        when "FDocumentStatus" = 'C' then 'approved'
        else 'draft'
    end as status
from one_line
where place = 1
