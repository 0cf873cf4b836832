-- name: core.region_name
-- kind: table
-- grain: region_code
-- What a region code is called; of a code that was renamed, by its last name.
-- columns:
--   region_code: six digits
--   name: the last official name
select region_code, name
from (
    select region_code, name, row_number() over (partition by region_code order by valid_from desc) as place
    from core.region
) as r
where place = 1
