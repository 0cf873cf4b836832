-- name: staging.yonyou_u8__delivery_line
-- kind: table
-- grain: system, source_id
-- 销售出库单行 rdrecords32
-- A red document (bredvouch = 1) is negative; a sign that is there already is kept.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   delivery_no: document number
--   line_no: line number, else the internal id
--   order_no: sales order
--   order_line_no: line of the sales order
--   product_code: product
--   org_code: none: an account set is one company
--   qty: in the line's unit
--   unit: name of the unit
--   base_qty: in the main unit
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
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or h._op = 'delete' as is_deleted,
    case when m._op = 'delete' or h._op = 'delete' then greatest(m._landed_at, h._landed_at) end as deleted_at,
    nullif(trim(h."cCode"), '') as delivery_no,
    cast(coalesce(m."irowno", m."AutoID") as varchar) as line_no,
    nullif(trim(m."iordercode"), '') as order_no,
    cast(nullif(m."iorderseq", 0) as varchar) as order_line_no,
    nullif(trim(m."cInvCode"), '') as product_code,
    cast(null as varchar) as org_code,
    cast(
        case when h."bredvouch" = 1 then -1 else 1 end
        * case
            when h."bredvouch" = 1 and nullif(trim(m."cAssUnit"), '') is not null and m."iNum" <> 0 and m."iinvexchrate" <> 0 then abs(m."iNum")
            when h."bredvouch" = 1 then abs(m."iQuantity")
            when nullif(trim(m."cAssUnit"), '') is not null and m."iNum" <> 0 and m."iinvexchrate" <> 0 then m."iNum"
            else m."iQuantity"
        end as decimal(28, 10)
    ) as qty,
    case
        when nullif(trim(m."cAssUnit"), '') is not null and m."iNum" <> 0 and m."iinvexchrate" <> 0
            then coalesce(nullif(trim(u."cComUnitName"), ''), trim(m."cAssUnit"))
        else coalesce(nullif(trim(b."cComUnitName"), ''), nullif(trim(p."cComUnitCode"), ''))
    end as unit,
    cast(
        case when h."bredvouch" = 1 then -abs(m."iQuantity") else m."iQuantity" end as decimal(28, 10)
    ) as base_qty
from current.yonyou_u8__delivery_line as m
join document as h
    on h._system = m._system and coalesce(h.account_database, '') = coalesce(m.account_database, '') and h."ID" = m."ID"
left join current.yonyou_u8__unit as u
    on u._system = m._system and u."cComunitCode" = trim(m."cAssUnit")
left join current.yonyou_u8__product as p
    on p._system = m._system and p."cInvCode" = m."cInvCode"
left join current.yonyou_u8__unit as b
    on b._system = m._system and b."cComunitCode" = p."cComUnitCode"
where h.place = 1
