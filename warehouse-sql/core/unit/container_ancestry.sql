-- name: core.container_ancestry
-- kind: table
-- partition: piece = bucket(code)
-- touched: with c as (select code from changed.core__container_stay group by code, parent_code, contained_from, contained_to having count(*) = 1) select bucket(code) as piece, code from c union select a.piece, a.code from c join core.container_ancestry as a on c.code = a.ancestor_code
-- grain: code, ancestor_code, depth, inside_from
-- Everything a container was inside of, directly or through other containers, and when; up to three containers deep.
-- columns:
--   piece: piece of this table, by the container's code
--   code: the container
--   ancestor_code: what it was inside of
--   depth: 1 for its own container
--   first_code: its own container, where that is another
--   second_code: the container of that one, where that is another
--   inside_from: since when
--   inside_to: until when; empty while it is in there
with level_1 as (
    select
        piece,
        code,
        parent_code as ancestor_code,
        1 as depth,
        cast(null as varchar) as first_code,
        cast(null as varchar) as second_code,
        contained_from as inside_from,
        contained_to as inside_to
    from core.container_stay
),
-- The left side of a join is held in memory: it is the piece, and the right side is all stays.
level_2 as (
    select
        a.piece,
        a.code,
        c.parent_code as ancestor_code,
        2 as depth,
        a.ancestor_code as first_code,
        cast(null as varchar) as second_code,
        greatest(a.inside_from, c.contained_from) as inside_from,
        least(a.inside_to, c.contained_to) as inside_to
    from level_1 as a
    join core.container_stay as c
        on c.code = a.ancestor_code
        and (a.inside_to is null or c.contained_from < a.inside_to)
        and (c.contained_to is null or a.inside_from < c.contained_to)
),
level_3 as (
    select
        a.piece,
        a.code,
        c.parent_code as ancestor_code,
        3 as depth,
        a.first_code,
        a.ancestor_code as second_code,
        greatest(a.inside_from, c.contained_from) as inside_from,
        least(a.inside_to, c.contained_to) as inside_to
    from level_2 as a
    join core.container_stay as c
        on c.code = a.ancestor_code
        and (a.inside_to is null or c.contained_from < a.inside_to)
        and (c.contained_to is null or a.inside_from < c.contained_to)
)
select piece, code, ancestor_code, depth, first_code, second_code, inside_from, inside_to from level_1
union all
select piece, code, ancestor_code, depth, first_code, second_code, inside_from, inside_to from level_2
union all
select piece, code, ancestor_code, depth, first_code, second_code, inside_from, inside_to from level_3
