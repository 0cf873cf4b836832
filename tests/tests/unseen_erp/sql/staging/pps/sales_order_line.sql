-- name: staging.pps__sales_order_line
-- kind: table
-- grain: system, source_id
-- Auftragsposition: quantities in cartons, money in cents with tax
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   order_no: order
--   line_no: line, by tens
--   product_code: article
--   org_code: one plant
--   qty: cartons
--   unit: carton
--   base_qty: pieces
--   price: of a carton, with tax
--   amount: with tax
--   amount_untaxed: not kept
--   tax_rate: per cent
--   currency: one currency
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' or m."Loesch" as is_deleted,
    case when m._op = 'delete' or m."Loesch" then m._landed_at end as deleted_at,
    trim(m."AuftrNr") as order_no,
    cast(m."Pos" / 10 as varchar) as line_no,
    trim(m."ArtNr") || case when m."Ausf" > 0 then concat('/', m."Ausf") else '' end as product_code,
    cast(null as varchar) as org_code,
    cast(m."Menge" as decimal(28, 10)) as qty,
    '箱' as unit,
    cast(m."Menge" * a."StkKarton" as decimal(28, 10)) as base_qty,
    cast(cast(m."PreisCt" as decimal(20, 2)) / 100 as decimal(28, 10)) as price,
    cast(cast(m."BetragCt" as decimal(20, 2)) / 100 as decimal(28, 10)) as amount,
    cast(null as decimal(28, 10)) as amount_untaxed,
    cast(m."MwSt" as decimal(28, 10)) as tax_rate,
    'CNY' as currency
from current.pps__auftrag_pos as m
left join current.pps__artikel as a
    on a._system = m._system and a."ArtNr" = m."ArtNr" and a."Ausf" = m."Ausf"
