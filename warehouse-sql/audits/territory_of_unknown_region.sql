-- name: audits.territory_of_unknown_region
-- kind: audit
-- Territory rules that cover nothing, because their region code never existed.
select system, source_id, dealer_code, region_code
from core.territory
where not is_deleted and (region_code is null or region_level(region_code) is null)
