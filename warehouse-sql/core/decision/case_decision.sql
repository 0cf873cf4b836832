-- name: core.case_decision
-- kind: table
-- grain: system, source_id
-- What was decided about diversion cases, and what dealers said against it. Each is a row of its own and stays; which one
-- stands is said by marts.case_standing. Nothing here changes a count.
-- columns:
--   dealer_code: the dealer
--   product_code: the product; empty if the case has none
--   destination_region: destination of the case
--   month: business month of the case
--   decided_at: when it was decided or said
--   decision: under_review, confirmed, dismissed, or appealed by the dealer
--   decided_by: who, of the reviewers or of the dealer
--   case_hash: the case_hash that was before them
--   note: reason or statement
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
select
    m.dealer_code,
    m.product_code,
    m.destination_region,
    m.month,
    m.decided_at,
    m.decision,
    m.decided_by,
    m.case_hash,
    m.note,
    m.system,
    m.source_id,
    m.source_changed_at,
    m.landed_at,
    m.attributes,
    m.is_deleted,
    m.deleted_at
from staging.all__case_decision as m
