-- The sightings behind each diversion case, each with its way back to pallet, shipment and order; exempt ones, which do not
-- count against the dealer, are listed with their reason. `device` stands for the device without naming it.
-- title: Evidence of a diversion case
-- title_zh: 窜货案件证据
-- dimensions: dealer_code, product_code, destination_region, month, event_id, code
-- parameters: from date, to date
with asked as (
    select
        substr(cast(cast($from as date) as varchar), 1, 7) as from_month,
        substr(cast(cast($to as date) as varchar), 1, 7) as to_month
),
dispatch as (
    select delivery_no, warehouse_code, carrier, waybill_no
    from (
        select
            delivery_no,
            warehouse_code,
            carrier,
            waybill_no,
            row_number() over (partition by delivery_no order by is_deleted, status = 'cancelled', system, source_id) as place
        from core.delivery
    ) as d
    where place = 1
)
select
    e.dealer_code,
    e.product_code,
    e.destination_region,
    e.month,
    e.event_id,
    e.code,
    e.verdict,
    e.exempt_reason,
    e.event_type,
    e.sighted_at,
    e.region_code,
    e.region_level,
    e.location_source,
    e.store_code,
    e.is_known_store,
    e.device,
    e.level,
    e.channel,
    e.custody_since,
    e.case_code,
    e.package_code,
    e.ship_event_id,
    e.ship_via_code,
    e.is_ship_inferred,
    e.shipped_at,
    e.delivery_no,
    e.order_no,
    d.warehouse_code,
    d.carrier,
    d.waybill_no,
    e.rule_version,
    e.evidence_hash
from marts.case_evidence as e
join marts.diversion_cases as c
    on c.dealer_code = e.dealer_code
    and (c.product_code is not distinct from e.product_code)
    and c.destination_region = e.destination_region
    and c.month = e.month
cross join asked as a
left join dispatch as d on d.delivery_no = e.delivery_no
where (a.from_month is null or c.month >= a.from_month) and (a.to_month is null or c.month <= a.to_month)
