-- name: staging.yonyou_u8__sales_order_line
-- kind: table
-- grain: system, source_id
-- 销售订单行 SO_SODetails
-- Quantity and price are in the auxiliary unit where the line has one, prices of U8 being per main unit.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   order_no: document number
--   line_no: line number, else the internal id
--   product_code: product
--   org_code: none: an account set is one company
--   qty: in the line's unit
--   unit: name of the unit
--   base_qty: in the main unit
--   price: tax-inclusive
--   amount: tax-inclusive, of the line
--   amount_untaxed: without tax
--   tax_rate: per cent, of the line, else of the document
--   currency: document currency
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
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or h._op = 'delete' as is_deleted,
    case when m._op = 'delete' or h._op = 'delete' then greatest(m._landed_at, h._landed_at) end as deleted_at,
    nullif(trim(h."cSOCode"), '') as order_no,
    cast(coalesce(m."iRowNo", m."AutoID") as varchar) as line_no,
    nullif(trim(m."cInvCode"), '') as product_code,
    cast(null as varchar) as org_code,
    cast(
        case when nullif(trim(m."cUnitID"), '') is not null and m."iNum" <> 0 and m."iInvExchRate" <> 0 then m."iNum" else m."iQuantity" end
        as decimal(28, 10)
    ) as qty,
    case
        when nullif(trim(m."cUnitID"), '') is not null and m."iNum" <> 0 and m."iInvExchRate" <> 0
            then coalesce(nullif(trim(u."cComUnitName"), ''), trim(m."cUnitID"))
        else coalesce(nullif(trim(b."cComUnitName"), ''), nullif(trim(p."cComUnitCode"), ''))
    end as unit,
    cast(m."iQuantity" as decimal(28, 10)) as base_qty,
    cast(
        case
            when nullif(trim(m."cUnitID"), '') is not null and m."iNum" <> 0 and m."iInvExchRate" <> 0
                then cast(m."iTaxUnitPrice" as decimal(24, 10)) * cast(m."iInvExchRate" as decimal(13, 6))
            else m."iTaxUnitPrice"
        end as decimal(28, 10)
    ) as price,
    cast(m."iSum" as decimal(28, 10)) as amount,
    cast(m."iMoney" as decimal(28, 10)) as amount_untaxed,
    cast(coalesce(m."iTaxRate", h."iTaxRate") as decimal(28, 10)) as tax_rate,
    nullif(trim(h."cexch_name"), '') as currency
from current.yonyou_u8__sales_order_line as m
join document as h
    on h._system = m._system and coalesce(h.account_database, '') = coalesce(m.account_database, '') and h."ID" = m."ID"
left join current.yonyou_u8__unit as u
    on u._system = m._system and u."cComunitCode" = trim(m."cUnitID")
left join current.yonyou_u8__product as p
    on p._system = m._system and p."cInvCode" = m."cInvCode"
left join current.yonyou_u8__unit as b
    on b._system = m._system and b."cComunitCode" = p."cComUnitCode"
where h.place = 1
