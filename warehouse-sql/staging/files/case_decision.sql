-- name: staging.files__case_decision
-- kind: table
-- grain: system, source_id
-- case_decision.csv or .xlsx, header as in the canonical model
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   dealer_code: the dealer
--   product_code: the product; empty if the case has none
--   destination_region: destination of the case
--   month: business month of the case
--   decided_at: when it was decided or said
--   decision: under_review, confirmed, dismissed, or appealed by the dealer
--   decided_by: who, of the reviewers or of the dealer
--   case_hash: the case_hash that was before them
--   note: reason or statement
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    dealer_code,
    product_code,
    destination_region,
    month,
    decided_at,
    lower(btrim(decision)) as decision,
    decided_by,
    case_hash,
    note
from current.files__case_decision
