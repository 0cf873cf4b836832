-- name: audits.custody_of_unknown_dealer
-- kind: audit
-- Goods shipped to a party that no system knows as a dealer.
select c.dealer_code, count(*) as holds, min(c.code) as example
from core.custody as c
left anti join core.dealer_profile as d on d.dealer_code = c.dealer_code
group by c.dealer_code
