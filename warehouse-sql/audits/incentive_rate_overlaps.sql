-- name: audits.incentive_rate_overlaps
-- kind: audit
-- Rates of one product that begin on one day and are not the same; the lowest of them pays.
select
    product_code,
    valid_from,
    min(amount) as lowest,
    max(amount) as highest,
    min(concat(system, ' ', source_id)) as example
from core.incentive_rate
where not is_deleted
group by product_code, valid_from
having min(amount) <> max(amount)
