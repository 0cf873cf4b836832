-- The unit a scanned code means: normalised, and through its other carriers. The other files of this folder
-- take the code this one answers.
-- parameters: code text
select coalesce(a.code, q.code) as code
from (select normalize_code(cast($code as varchar)) as code) as q
left join core.code_alias as a on a.alias = q.code
