-- name: staging.yonyou_bip__delivery
-- kind: table
-- grain: system, source_id
-- 销售出库单 salesout/list, one row per document
-- Header fields repeat on every line; they are taken from one line, a living one first. The list names
-- the customer by id, so its code comes from the customers.
-- status is 0 开立, 1 已审核.
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
--   org_code: accounting organisation
--   stock_org_code: stock organisation
--   order_no: given by the lines
--   warehouse_code: id of the warehouse, the list shows no code
--   carrier: not on the list
--   waybill_no: not on the list
--   shipped_at: the document's day
--   status: draft or approved
with one_line as (
    select
        *,
        row_number() over (
            partition by _system, "id"
            order by case when _op = 'delete' then 1 else 0 end, "details_id"
        ) as place
    from current.yonyou_bip__delivery
)
select
    doc._system as system,
    cast(doc."id" as varchar) as source_id,
    doc._changed_at as source_changed_at,
    doc._landed_at as landed_at,
    cast(null as varchar) as attributes,
    doc._op = 'delete' as is_deleted,
    case when doc._op = 'delete' then doc._landed_at end as deleted_at,
    nullif(trim(doc."code"), '') as delivery_no,
    coalesce(nullif(trim(dealer."code"), ''), cast(doc."cust" as varchar)) as dealer_code,
    nullif(trim(doc."accountOrg"), '') as org_code,
    nullif(trim(doc."org"), '') as stock_org_code,
    cast(null as varchar) as order_no,
    nullif(trim(doc."warehouse"), '') as warehouse_code,
    cast(null as varchar) as carrier,
    cast(null as varchar) as waybill_no,
    business_midnight(doc."vouchdate") as shipped_at,
    case doc."status" when '1' then 'approved' else 'draft' end as status
from one_line as doc
left join current.yonyou_bip__dealer as dealer on dealer._system = doc._system and dealer."id" = doc."cust"
where doc.place = 1
