-- name: core.container
-- kind: table
-- partition: piece = bucket(code)
-- touched: select distinct bucket(ancestor_code) as piece, ancestor_code as code from (select ancestor_code from changed.core__ancestry group by code, ancestor_code, depth, inside_from having count(*) = 1)
-- grain: code
-- Units that others were ever inside of: one in twenty, for whoever asks for them in every piece.
-- columns:
--   piece: piece of this table, by the unit's code
--   code: the container
--   height: how many levels of units were inside at most
select bucket(ancestor_code) as piece, ancestor_code as code, max(depth) as height
from core.ancestry
group by ancestor_code
