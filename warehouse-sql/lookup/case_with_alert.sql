-- Diversion cases with an alert that nobody has decided, for telling the manager of the region where the goods surfaced.
select
    c.dealer_code,
    c.product_code,
    c.destination_region,
    c.month,
    c.off_territory,
    c.rate,
    c.grade
from marts.diversion_cases as c
left join marts.case_standing as s
    on s.dealer_code = c.dealer_code
    and (s.product_code is not distinct from c.product_code)
    and s.destination_region = c.destination_region
    and s.month = c.month
where c.alert and s.decision is null
order by c.dealer_code, c.product_code, c.destination_region, c.month
