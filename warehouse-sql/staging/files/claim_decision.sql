-- name: staging.files__claim_decision
-- kind: table
-- grain: system, source_id
-- claim_decision.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   event_id: the sell
--   code: the unit; empty means every unit of the event
--   decided_at: when
--   decision: released or confirmed, of a hold
--   decided_by: who
--   note: why
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    event_id,
    code,
    decided_at,
    lower(btrim(decision)) as decision,
    decided_by,
    note
from current.files__claim_decision
