-- name: core.ancestry
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with c as (select code from changed.core__containment group by code, parent_code, contained_from, contained_to having count(*) = 1), k as (select code from changed.core__container_ancestry group by code, ancestor_code, depth, first_code, second_code, inside_from, inside_to having count(*) = 1) select bucket(code) as bucket, code from c union select d.bucket, d.code from k join core.containment as d on k.code = d.parent_code
-- slice: core.containment
-- grain: code, ancestor_code, depth, inside_from
-- Everything a unit was inside of, directly or through other containers, and when; up to four containers
-- deep (item in inner box in case in pallet in container).
-- columns:
--   bucket: piece, by the unit's code
--   code: the unit inside
--   ancestor_code: what it was inside of
--   depth: 1 for its own container
--   inside_from: since when
--   inside_to: until when; empty while it is in there
select
    bucket,
    code,
    parent_code as ancestor_code,
    1 as depth,
    contained_from as inside_from,
    contained_to as inside_to
from core.containment
union all
select
    a.bucket,
    a.code,
    c.ancestor_code,
    c.depth + 1 as depth,
    greatest(a.contained_from, c.inside_from) as inside_from,
    least(a.contained_to, c.inside_to) as inside_to
-- The left side of a join is held in memory: it is the piece, and the right side is all containers.
from core.containment as a
join core.container_ancestry as c
    on c.code = a.parent_code
    and c.ancestor_code <> a.code
    and (c.first_code is null or c.first_code <> a.code)
    and (c.second_code is null or c.second_code <> a.code)
    and (a.contained_to is null or c.inside_from < a.contained_to)
    and (c.inside_to is null or a.contained_from < c.inside_to)
