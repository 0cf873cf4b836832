-- name: staging.pps__delivery_line
-- kind: table
-- grain: system, source_id
-- Versandposition: quantities in cartons
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   delivery_no: delivery
--   line_no: line
--   order_no: order
--   order_line_no: order line
--   product_code: article
--   org_code: one plant
--   qty: cartons
--   unit: carton
--   base_qty: pieces
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    trim(m."VersandNr") as delivery_no,
    cast(m."Pos" as varchar) as line_no,
    nullif(trim(v."AuftrNr"), '') as order_no,
    cast(m."AuftrPos" / 10 as varchar) as order_line_no,
    trim(m."ArtNr") || case when m."Ausf" > 0 then concat('/', m."Ausf") else '' end as product_code,
    cast(null as varchar) as org_code,
    cast(m."Menge" as decimal(28, 10)) as qty,
    '箱' as unit,
    cast(m."Menge" * a."StkKarton" as decimal(28, 10)) as base_qty
from current.pps__versand_pos as m
left join current.pps__versand as v on v._system = m._system and v."VersandNr" = m."VersandNr"
left join current.pps__artikel as a
    on a._system = m._system and a."ArtNr" = m."ArtNr" and a."Ausf" = m."Ausf"
