-- Goods of a dealer seen outside its territory, per product, destination and month. `decision` and `appeal` are what people
-- recorded about the case; they change no count, grade or alert.
-- title: Diversion cases
-- title_zh: 窜货案件列表
-- dimensions: dealer_code, product_code, destination_region, month
-- parameters: from date, to date
with asked as (
    select
        substr(cast(cast($from as date) as varchar), 1, 7) as from_month,
        substr(cast(cast($to as date) as varchar), 1, 7) as to_month
)
select
    c.dealer_code,
    c.product_code,
    c.destination_region,
    c.month,
    c.located,
    c.off_territory,
    c.rate,
    c.rate_lower,
    c.packages,
    c.shipments,
    c.devices,
    c.exempted,
    c.grade,
    c.alert,
    c.rule_version,
    t.decision,
    t.decided_by,
    t.decided_at,
    t.decision_note,
    t.appeal
from marts.diversion_cases as c
cross join asked as a
left join marts.case_standing as t
    on t.dealer_code = c.dealer_code
    and (t.product_code is not distinct from c.product_code)
    and t.destination_region = c.destination_region
    and t.month = c.month
where (a.from_month is null or c.month >= a.from_month) and (a.to_month is null or c.month <= a.to_month)
