-- name: core.ancestry
-- kind: table
-- partition: bucket = bucket(code)
-- touched: with c as (select code from changed.core__containment group by code, parent_code, contained_from, contained_to having count(*) = 1 union select code from changed.core__container_stay group by code, parent_code, contained_from, contained_to having count(*) = 1) select bucket(code) as bucket, code from c union select d.bucket, d.code from c join core.containment as d on d.parent_code = c.code union select d.bucket, d.code from c join core.ancestry as d on d.ancestor_code = c.code union select e.bucket, e.code from c join core.containment as d on d.parent_code = c.code join core.containment as e on e.parent_code = d.code union select f.bucket, f.code from c join core.containment as d on d.parent_code = c.code join core.containment as e on e.parent_code = d.code join core.containment as f on f.parent_code = e.code
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
with level_1 as (
    select
        bucket,
        code,
        parent_code as ancestor_code,
        1 as depth,
        contained_from as inside_from,
        contained_to as inside_to
    from core.containment
),
level_2 as (
    select
        a.bucket,
        a.code,
        c.parent_code as ancestor_code,
        2 as depth,
        greatest(a.inside_from, c.contained_from) as inside_from,
        least(a.inside_to, c.contained_to) as inside_to
    from core.container_stay as c
    join level_1 as a
        on c.code = a.ancestor_code
        and c.parent_code <> a.code
        and (a.inside_to is null or c.contained_from < a.inside_to)
        and (c.contained_to is null or a.inside_from < c.contained_to)
),
level_3 as (
    select
        a.bucket,
        a.code,
        c.parent_code as ancestor_code,
        3 as depth,
        greatest(a.inside_from, c.contained_from) as inside_from,
        least(a.inside_to, c.contained_to) as inside_to
    from core.container_stay as c
    join level_2 as a
        on c.code = a.ancestor_code
        and c.parent_code <> a.code
        and (a.inside_to is null or c.contained_from < a.inside_to)
        and (c.contained_to is null or a.inside_from < c.contained_to)
),
level_4 as (
    select
        a.bucket,
        a.code,
        c.parent_code as ancestor_code,
        4 as depth,
        greatest(a.inside_from, c.contained_from) as inside_from,
        least(a.inside_to, c.contained_to) as inside_to
    from core.container_stay as c
    join level_3 as a
        on c.code = a.ancestor_code
        and c.parent_code <> a.code
        and (a.inside_to is null or c.contained_from < a.inside_to)
        and (c.contained_to is null or a.inside_from < c.contained_to)
)
select bucket, code, ancestor_code, depth, inside_from, inside_to from level_1
union all
select bucket, code, ancestor_code, depth, inside_from, inside_to from level_2
union all
select bucket, code, ancestor_code, depth, inside_from, inside_to from level_3
union all
select bucket, code, ancestor_code, depth, inside_from, inside_to from level_4
