-- name: audits.claim_at_unlocated_store
-- kind: audit
-- Stores that claims name and that are unknown or have no position; every claim for them is held.
select c.store_code, s.name, count(*) as claims, min(c.event_id) as example
from core.promoter_claim as c
left join core.store_profile as s on s.store_code = c.store_code
where c.store_code is not null and not c.is_retry and (s.longitude is null or s.latitude is null)
group by c.store_code, s.name
