-- What the unit was inside of and when, from its own container outwards.
-- parameters: code text
select ancestor_code as parent_code, inside_from as "from", inside_to as "to", depth
from core.ancestry
where code = cast($code as varchar) and bucket = bucket(cast($code as varchar))
order by inside_from, depth, ancestor_code
