-- name: core.claim_decision
-- kind: table
-- grain: system, source_id
-- What was decided about held promoter claims. Each decision is a row of its own and stays; the last one stands, as
-- marts.claim_standing has it. Nothing here changes a verdict or a payment.
-- columns:
--   event_id: the sell
--   code: the unit; empty means every unit of the event
--   decided_at: when
--   decision: released or confirmed, of a hold
--   decided_by: who
--   note: why
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    m.event_id,
    m.code,
    m.decided_at,
    m.decision,
    m.decided_by,
    m.note,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__claim_decision as m
