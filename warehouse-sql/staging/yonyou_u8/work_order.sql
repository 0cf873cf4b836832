-- name: staging.yonyou_u8__work_order
-- kind: table
-- grain: system, source_id
-- 生产订单 mom_order with mom_orderdetail, one row per line
-- Status is per line: 1 open and 2 locked are not released yet, 3 is released, 4 closed.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   work_order_no: document number, dash, line number
--   document_no: document number
--   product_code: product to make
--   org_code: none: an account set is one company
--   batch_no: batch to make
--   planned_qty: in the main unit
--   line: not in U8
--   workshop: department
--   factory: factory, where the version has it
--   team: not in U8
--   status: draft, approved, closed or cancelled
--   planned_start: planned start
--   planned_end: planned end
with order_header as (
    select
        *,
        -- An order carried over to the next year's database stands in both; the latest speaks.
        row_number() over (
            partition by _system, coalesce("MoCode", _key), "CreateDate"
            order by case when _op = 'delete' then 1 else 0 end, account_database desc, "MoId"
        ) as place
    from current.yonyou_u8__work_order
)
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or h._op = 'delete' as is_deleted,
    case when m._op = 'delete' or h._op = 'delete' then greatest(m._landed_at, h._landed_at) end as deleted_at,
    nullif(trim(h."MoCode"), '') || '-' || cast(m."SortSeq" as varchar) as work_order_no,
    nullif(trim(h."MoCode"), '') as document_no,
    nullif(trim(m."InvCode"), '') as product_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."MoLotCode"), '') as batch_no,
    cast(m."Qty" as decimal(28, 10)) as planned_qty,
    cast(null as varchar) as line,
    nullif(trim(m."MDeptCode"), '') as workshop,
    nullif(trim(m."FactoryCode"), '') as factory,
    cast(null as varchar) as team,
    case m."Status" when 3 then 'approved' when 4 then 'closed' else 'draft' end as status,
    p."StartDate" as planned_start,
    p."DueDate" as planned_end
from current.yonyou_u8__work_order_line as m
join order_header as h
    on h._system = m._system and coalesce(h.account_database, '') = coalesce(m.account_database, '') and h."MoId" = m."MoId"
left join current.yonyou_u8__work_order_schedule as p
    on p._system = m._system and coalesce(p.account_database, '') = coalesce(m.account_database, '') and p."MoDId" = m."MoDId"
where h.place = 1
