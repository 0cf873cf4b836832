-- A diversion case with the exemptions that were applied to it, one column for each reason, so that nobody suspects that
-- sightings were picked. `case_hash` is the SHA-256 of the sorted `evidence_hash` of its rows in `case-evidence`, one behind
-- the other; it changes if any of them does, or if the rules do. `is_changed` says that a decision was taken on another
-- hash than today's.
-- title: Diversion case
-- title_zh: 窜货案件
-- dimensions: dealer_code, product_code, destination_region, month
-- parameters: from date, to date
with asked as (
    select
        substr(cast(cast($from as date) as varchar), 1, 7) as from_month,
        substr(cast(cast($to as date) as varchar), 1, 7) as to_month
),
evidence as (
    select
        dealer_code,
        product_code,
        destination_region,
        month,
        sum(case when exempt_reason = 'national_channel' then 1 else 0 end) as exempted_national_channel,
        sum(case when exempt_reason = 'buffer_county' then 1 else 0 end) as exempted_buffer_county,
        sum(case when exempt_reason = 'staff_device' then 1 else 0 end) as exempted_staff_device,
        sum(case when exempt_reason = 'test_code' then 1 else 0 end) as exempted_test_code,
        sum(case when exempt_reason = 'visitor_region' then 1 else 0 end) as exempted_visitor_region,
        count(distinct case when verdict = 'off_territory' then code end) as units,
        min(case when verdict = 'off_territory' then sighted_at end) as first_seen_at,
        max(case when verdict = 'off_territory' then sighted_at end) as last_seen_at,
        encode(sha256(string_agg(evidence_hash, '' order by evidence_hash)), 'hex') as case_hash
    from marts.case_evidence
    group by dealer_code, product_code, destination_region, month
)
select
    c.dealer_code,
    c.product_code,
    c.destination_region,
    c.month,
    d.name as dealer_name,
    p.name as product_name,
    concat_ws(
        ' ',
        v.name,
        case when y.region_code <> v.region_code and y.region_code <> n.region_code then y.name end,
        case when n.region_code <> v.region_code then n.name end
    ) as destination_name,
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
    e.units,
    e.exempted_national_channel,
    e.exempted_buffer_county,
    e.exempted_staff_device,
    e.exempted_test_code,
    e.exempted_visitor_region,
    e.first_seen_at,
    e.last_seen_at,
    c.rule_version,
    e.case_hash,
    t.decision,
    t.decided_by,
    t.decided_at,
    t.decision_note,
    t.decided_hash <> e.case_hash as is_changed,
    t.appeal,
    t.appealed_at,
    t.appeal_note
from marts.diversion_cases as c
join evidence as e
    on e.dealer_code = c.dealer_code
    and (e.product_code is not distinct from c.product_code)
    and e.destination_region = c.destination_region
    and e.month = c.month
cross join asked as a
left join marts.case_standing as t
    on t.dealer_code = c.dealer_code
    and (t.product_code is not distinct from c.product_code)
    and t.destination_region = c.destination_region
    and t.month = c.month
left join core.dealer_profile as d on d.dealer_code = c.dealer_code
left join core.product_profile as p on p.product_code = c.product_code
left join core.region_name as n on n.region_code = c.destination_region
left join core.region_name as y on y.region_code = region_at(c.destination_region, 'city')
left join core.region_name as v on v.region_code = region_at(c.destination_region, 'province')
where (a.from_month is null or c.month >= a.from_month) and (a.to_month is null or c.month <= a.to_month)
