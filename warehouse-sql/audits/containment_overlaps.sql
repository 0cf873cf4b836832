-- name: audits.containment_overlaps
-- kind: audit
-- A unit is in one container at a time; the law makes it so.
select code, parent_code, contained_from, previous_to
from (
    select
        code,
        parent_code,
        contained_from,
        lag(contained_to) over (partition by code order by contained_from) as previous_to,
        lag(contained_from) over (partition by code order by contained_from) as previous_from
    from core.containment
) as c
where previous_from is not null and (previous_to is null or previous_to > contained_from)
