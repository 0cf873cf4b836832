-- name: marts.claim_standing
-- kind: view
-- grain: event_id, code?
-- What stands of what was decided about a held promoter claim: the last decision; at one instant confirmed stands.
-- columns:
--   event_id: the sell
--   code: the unit; empty: every unit of the event that has none of its own
--   decision: released or confirmed
--   decided_by: who
--   decided_at: when
--   decision_note: why
select event_id, code, decision, decided_by, decided_at, decision_note
from (
    select
        event_id,
        normalize_code(code) as code,
        decision,
        decided_by,
        decided_at,
        note as decision_note,
        row_number() over (
            -- One text: the planner loses the order of a window by several columns of which a question fixes some.
            partition by concat(coalesce(event_id, ''), '/', coalesce(normalize_code(code), ''))
            order by decided_at desc, decision, system, source_id
        ) as place
    from core.claim_decision
    where not is_deleted and decision in ('released', 'confirmed')
) as d
where place = 1
