-- name: staging.yonyou_bip__sales_order
-- kind: table
-- grain: system, source_id
-- 销售订单 voucherorder/list, one row per document
-- Header fields repeat on every line; they are taken from one line, a living one first. The list names
-- the customer by id, so its code comes from the customers.
-- verifystate is 0 开立, 1 审批中, 2 已审核, 3 终止, 4 驳回; nextStatus ENDORDER is done.
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
--   ship_to_address: not on the list
--   ship_to_region: not on the list
--   status: draft, approved, closed or cancelled
with one_line as (
    select
        *,
        row_number() over (
            partition by _system, "id"
            order by case when _op = 'delete' then 1 else 0 end, "orderDetailId"
        ) as place
    from current.yonyou_bip__sales_order
)
select
    doc._system as system,
    cast(doc."id" as varchar) as source_id,
    doc._changed_at as source_changed_at,
    doc._landed_at as landed_at,
    cast(null as varchar) as attributes,
    doc._op = 'delete' as is_deleted,
    case when doc._op = 'delete' then doc._landed_at end as deleted_at,
    nullif(trim(doc."code"), '') as order_no,
    coalesce(nullif(trim(dealer."code"), ''), cast(doc."agentId" as varchar)) as dealer_code,
    nullif(trim(doc."salesOrgId"), '') as org_code,
    business_midnight(doc."vouchdate") as ordered_at,
    cast(null as varchar) as ship_to_address,
    cast(null as varchar) as ship_to_region,
    case
        when lower(doc."iDeleted") in ('1', 'true') or doc."verifystate" = '3' then 'cancelled'
        when doc."nextStatus" = 'ENDORDER' then 'closed'
        when doc."verifystate" = '2' then 'approved'
        when doc."verifystate" is null
            and doc."nextStatus" in ('DELIVERY_PART', 'DELIVERY_TAKE_PART', 'DELIVERGOODS', 'TAKEDELIVERY')
            then 'approved'
        else 'draft'
    end as status
from one_line as doc
left join current.yonyou_bip__dealer as dealer on dealer._system = doc._system and dealer."id" = doc."agentId"
where doc.place = 1
