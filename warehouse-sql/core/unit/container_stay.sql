-- name: core.container_stay
-- kind: table
-- partition: piece = bucket(code)
-- touched: with c as (select code, parent_code from changed.core__containment group by code, parent_code, contained_from, contained_to having count(*) = 1) select bucket(code) as piece, code from c union select bucket(parent_code) as piece, parent_code as code from c
-- grain: code, contained_from
-- When units that others were ever packed into were in another one themselves: cases on pallets.
-- columns:
--   piece: piece of this table, by the unit's code
--   code: the unit
--   parent_code: what it was in
--   contained_from: since when
--   contained_to: until when; empty: still
select bucket(c.code) as piece, c.code, c.parent_code, c.contained_from, c.contained_to
-- The left side of a join is held in memory: it is the small one.
from (select distinct parent_code as code from core.containment) as p
join core.containment as c on p.code = c.code
