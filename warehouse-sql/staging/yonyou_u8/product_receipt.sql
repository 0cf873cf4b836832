-- name: staging.yonyou_u8__product_receipt
-- kind: table
-- grain: system, source_id
-- 产成品入库单 rdrecord10 with rdrecords10
-- A red document (bredvouch = 1) is negative; a sign that is there already is kept.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   receipt_no: document number
--   line_no: line number, else the internal id
--   work_order_no: document number, dash, line number
--   product_code: product
--   org_code: none: an account set is one company
--   batch_no: batch
--   base_qty: in the main unit
--   received_at: the document's day
--   status: draft or approved
with document as (
    select
        *,
        -- A document carried over to the next year's database stands in both; the latest speaks.
        row_number() over (
            partition by _system, coalesce("cCode", _key), "dDate"
            order by case when _op = 'delete' then 1 else 0 end, account_database desc, "ID"
        ) as place
    from current.yonyou_u8__product_receipt
)
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or h._op = 'delete' as is_deleted,
    case when m._op = 'delete' or h._op = 'delete' then greatest(m._landed_at, h._landed_at) end as deleted_at,
    nullif(trim(h."cCode"), '') as receipt_no,
    cast(coalesce(m."irowno", m."AutoID") as varchar) as line_no,
    coalesce(
        nullif(trim(m."cmocode"), '') || '-' || cast(m."imoseq" as varchar),
        nullif(trim(o."MoCode"), '') || '-' || cast(t."SortSeq" as varchar)
    ) as work_order_no,
    nullif(trim(m."cInvCode"), '') as product_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."cBatch"), '') as batch_no,
    cast(
        case when h."bredvouch" = 1 then -abs(m."iQuantity") else m."iQuantity" end as decimal(28, 10)
    ) as base_qty,
    h."dDate" as received_at,
    case when nullif(trim(h."cHandler"), '') is null then 'draft' else 'approved' end as status
from current.yonyou_u8__product_receipt_line as m
join document as h
    on h._system = m._system and coalesce(h.account_database, '') = coalesce(m.account_database, '') and h."ID" = m."ID"
left join current.yonyou_u8__work_order_line as t
    on t._system = m._system and coalesce(t.account_database, '') = coalesce(m.account_database, '') and t."MoDId" = m."iMPoIds"
left join current.yonyou_u8__work_order as o
    on o._system = t._system and coalesce(o.account_database, '') = coalesce(t.account_database, '') and o."MoId" = t."MoId"
where h.place = 1
