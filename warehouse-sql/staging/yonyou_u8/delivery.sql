-- name: staging.yonyou_u8__delivery
-- kind: table
-- grain: system, source_id
-- 销售出库单 rdrecord32
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   dealer_code: customer
--   org_code: none: an account set is one company
--   stock_org_code: none: an account set is one company
--   order_no: given by the lines
--   warehouse_code: warehouse
--   carrier: not on this document
--   waybill_no: not on this document
--   shipped_at: the document's day
--   status: draft or approved
with document as (
    select
        *,
        -- A document carried over to the next year's database stands in both; the latest speaks.
        row_number() over (
            partition by _system, coalesce("cCode", _key), "dDate"
            order by case when _op = 'delete' then 1 else 0 end, account_database desc, "ID"
        ) as place
    from current.yonyou_u8__delivery
)
select
    h._system as system,
    h._key as source_id,
    h._changed_at as source_changed_at,
    h._landed_at as landed_at,
    cast(null as varchar) as attributes,
    h._op = 'delete' as is_deleted,
    case when h._op = 'delete' then h._landed_at end as deleted_at,
    nullif(trim(h."cCode"), '') as delivery_no,
    nullif(trim(h."cCusCode"), '') as dealer_code,
    cast(null as varchar) as org_code,
    cast(null as varchar) as stock_org_code,
    cast(null as varchar) as order_no,
    nullif(trim(h."cWhCode"), '') as warehouse_code,
    cast(null as varchar) as carrier,
    cast(null as varchar) as waybill_no,
    h."dDate" as shipped_at,
    case when nullif(trim(h."cHandler"), '') is null then 'draft' else 'approved' end as status
from document as h
where h.place = 1
