-- Items of a recall by the one state each is in. Verified: its own code was scanned for it.
select
    state,
    sum(case when is_inferred then 0 else units end) as verified,
    sum(case when is_inferred then units else 0 end) as inferred
from recall.holdings
where level = 'item'
group by state
order by state
