-- name: audits.dealer_without_region
-- kind: audit
-- Dealers whose region is neither given nor to be read from the address; their sales stand in no region.
select p.dealer_code, p.name, min(d.address) as address, min(d.region_code) as region_code
from core.dealer_profile as p
join core.dealer as d on d.dealer_code = p.dealer_code
where p.region_code is null and not d.is_deleted
group by p.dealer_code, p.name
