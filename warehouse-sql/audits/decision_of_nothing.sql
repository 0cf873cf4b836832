-- name: audits.decision_of_nothing
-- kind: audit
-- Recorded decisions that no report shows: the decision is none there is, or there is no such case or claim, as after a correction
-- of what it rested on.
select
    'case' as subject,
    concat_ws(' ', c.dealer_code, c.product_code, c.destination_region, c.month) as number,
    c.decision,
    c.decided_by,
    c.decided_at
from core.case_decision as c
left join marts.diversion_cases as d
    on d.dealer_code = c.dealer_code
    and (d.product_code is not distinct from c.product_code)
    and d.destination_region = region_today(c.destination_region)
    and d.month = c.month
where
    not c.is_deleted
    and (
        d.month is null
        or c.decision is null
        or c.decision not in ('under_review', 'confirmed', 'dismissed', 'appealed')
    )
union all
select 'claim' as subject, concat_ws(' ', c.event_id, c.code) as number, c.decision, c.decided_by, c.decided_at
from core.claim_decision as c
left join (
    select distinct event_id, code from marts.promoter_claims
) as p on p.event_id = c.event_id and p.code = coalesce(normalize_code(c.code), p.code)
where not c.is_deleted
group by c.event_id, c.code, c.decision, c.decided_by, c.decided_at
having count(p.event_id) = 0 or c.decision is null or c.decision not in ('released', 'confirmed')
