-- name: staging.pps__work_order
-- kind: table
-- grain: system, source_id
-- Fertigungsauftrag
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system, or is marked deleted there
--   deleted_at: when that was noticed
--   work_order_no: document and line
--   document_no: document
--   product_code: article to make
--   org_code: one plant
--   batch_no: batch to make
--   planned_qty: pieces
--   line: line
--   workshop: not kept
--   factory: one plant
--   team: not kept
--   status: PL draft, FR approved, AB closed, ST cancelled
--   planned_start: start
--   planned_end: end, in seconds since 1970
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    concat(trim(m."FaNr"), '-', m."FaPos") as work_order_no,
    trim(m."FaNr") as document_no,
    trim(m."ArtNr") || case when m."Ausf" > 0 then concat('/', m."Ausf") else '' end as product_code,
    cast(null as varchar) as org_code,
    nullif(trim(m."Charge"), '') as batch_no,
    cast(m."Soll" as decimal(28, 10)) as planned_qty,
    nullif(trim(m."Linie"), '') as line,
    cast(null as varchar) as workshop,
    cast(null as varchar) as factory,
    cast(null as varchar) as team,
    case m."Stat" when 'FR' then 'approved' when 'AB' then 'closed' when 'ST' then 'cancelled' else 'draft' end as status,
    m."Start" as planned_start,
    arrow_cast(to_timestamp_seconds(m."EndeEpoch"), 'Timestamp(Microsecond, Some("UTC"))') as planned_end
from current.pps__fauftrag as m
