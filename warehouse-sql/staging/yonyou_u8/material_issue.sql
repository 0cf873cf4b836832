-- name: staging.yonyou_u8__material_issue
-- kind: table
-- grain: system, source_id
-- 材料出库单 rdrecord11 with rdrecords11; red documents are returns and negative
-- A red document (bredvouch = 1) is negative; a sign that is there already is kept.
-- The line names its production order; else the material demand it was made for does.
-- A lot received from one supplier only is that supplier's.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number, dash, line number
--   material_code: material
--   org_code: none: an account set is one company
--   lot_no: lot; a blank is no lot
--   qty: in the main unit, returns negative
--   supplier_code: who delivered the lot, by the purchase receipts
--   status: draft or approved
with document as (
    select
        *,
        -- A document carried over to the next year's database stands in both; the latest speaks.
        row_number() over (
            partition by _system, coalesce("cCode", _key), "dDate"
            order by case when _op = 'delete' then 1 else 0 end, account_database desc, "ID"
        ) as place
    from current.yonyou_u8__material_issue
),
lot_supplier as (
    select
        r._system,
        trim(r."cInvCode") as material_code,
        trim(r."cBatch") as lot_no,
        min(trim(p."cVenCode")) as supplier_code
    from current.yonyou_u8__purchase_receipt_line as r
    join current.yonyou_u8__purchase_receipt as p
        on p._system = r._system and coalesce(p.account_database, '') = coalesce(r.account_database, '') and p."ID" = r."ID"
    where nullif(trim(r."cBatch"), '') is not null and nullif(trim(p."cVenCode"), '') is not null
        and nullif(trim(p."cHandler"), '') is not null and r._op <> 'delete' and p._op <> 'delete'
    group by r._system, trim(r."cInvCode"), trim(r."cBatch")
    having count(distinct trim(p."cVenCode")) = 1
)
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or h._op = 'delete' as is_deleted,
    case when m._op = 'delete' or h._op = 'delete' then greatest(m._landed_at, h._landed_at) end as deleted_at,
    coalesce(
        nullif(trim(m."cmocode"), '') || '-' || cast(m."imoseq" as varchar),
        nullif(trim(o."MoCode"), '') || '-' || cast(t."SortSeq" as varchar)
    ) as work_order_no,
    nullif(trim(m."cInvCode"), '') as material_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."cBatch"), '') as lot_no,
    cast(
        case when h."bredvouch" = 1 then -abs(m."iQuantity") else m."iQuantity" end as decimal(28, 10)
    ) as qty,
    l.supplier_code as supplier_code,
    case when nullif(trim(h."cHandler"), '') is null then 'draft' else 'approved' end as status
from current.yonyou_u8__material_issue_line as m
join document as h
    on h._system = m._system and coalesce(h.account_database, '') = coalesce(m.account_database, '') and h."ID" = m."ID"
left join current.yonyou_u8__work_order_material as a
    on a._system = m._system and coalesce(a.account_database, '') = coalesce(m.account_database, '') and a."AllocateId" = m."iMPoIds"
left join current.yonyou_u8__work_order_line as t
    on t._system = a._system and coalesce(t.account_database, '') = coalesce(a.account_database, '') and t."MoDId" = a."MoDId"
left join current.yonyou_u8__work_order as o
    on o._system = t._system and coalesce(o.account_database, '') = coalesce(t.account_database, '') and o."MoId" = t."MoId"
left join lot_supplier as l
    on l._system = m._system and l.material_code = trim(m."cInvCode") and l.lot_no = trim(m."cBatch")
where h.place = 1
