-- name: core.region
-- kind: table
-- grain: region_code, valid_from
-- Every region code through time.
-- columns:
--   region_code: six digits
--   name: official name in that time
--   level: province, city or county
--   parent_code: the code above
--   valid_from: first day
--   valid_to: last day; empty while in use
select
    region_code,
    name,
    level,
    parent_code,
    valid_from,
    valid_to
from reference.region
