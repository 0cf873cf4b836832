-- name: audits.store_without_region
-- kind: audit
-- Stores whose region is neither given nor to be read from the address; they locate no sighting.
select p.store_code, p.name, min(s.address) as address, min(s.region_code) as region_code
from core.store_profile as p
join core.store as s on s.store_code = p.store_code
where p.region_code is null and not s.is_deleted
group by p.store_code, p.name
