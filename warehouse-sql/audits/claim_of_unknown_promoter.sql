-- name: audits.claim_of_unknown_promoter
-- kind: audit
-- Claims of somebody no system knows as a promoter; they are judged and paid like others.
select c.promoter_code, count(*) as claims, min(c.event_id) as example
from core.promoter_claim as c
left anti join core.promoter_profile as p on p.promoter_code = c.promoter_code
where not c.is_retry
group by c.promoter_code
