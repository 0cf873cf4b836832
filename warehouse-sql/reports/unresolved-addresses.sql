-- Addresses whose county is not known, heaviest first: what stands behind them is in no county of any report. Correct the
-- address or give the region code in the system that has it. Quantities are of the days asked for; an address without
-- any is listed all the same.
-- `source` says whose address it is. A dealer's places what it was shipped, an order's what was ordered, a store's the
-- units seen there, a sighting's the units it names; `qty` counts these in items and base units, `amount` only orders.
-- `reason` is `no_address` (neither address nor code); `unknown_code` (a code that never existed, and an address that does
-- not help); `code_above_county` (the code given is that of a province or city); `not_resolved` (the address names no
-- region); `only_province`, `only_city` (what the address names); and of sightings `only_ip`, `inaccurate_fix` (a region by
-- a fix that is not accurate enough) and `only_position` (longitude and latitude, which nobody has turned into a region).
-- `evidence` says which words of the address named a region, at which level and how: by full_name, alias, former_name,
-- short_name or town.
-- `example` is a dealer, a store, an order or an event.
-- title: Addresses to correct
-- title_zh: 待修正地址
-- dimensions: rank
-- parameters: from date, to date
with shipped as (
    select f.dealer_code, sum(f.shipped) as qty
    from core.item_flow as f
    where
        (cast($from as date) is null or f.day >= cast($from as date))
        and (cast($to as date) is null or f.day <= cast($to as date))
    group by f.dealer_code
),
-- The row that speaks for a code is the one core.dealer_profile and core.store_profile take.
dealer as (
    select dealer_code, address, region_code
    from (
        select
            dealer_code,
            address,
            region_code,
            is_deleted,
            row_number() over (partition by dealer_code order by is_deleted, system, source_id) as place
        from core.dealer
    ) as d
    where place = 1 and not is_deleted
),
store as (
    select store_code, address, region_code
    from (
        select
            store_code,
            address,
            region_code,
            is_deleted,
            row_number() over (partition by store_code order by is_deleted, system, source_id) as place
        from core.store
    ) as s
    where place = 1 and not is_deleted
),
sighting as (
    select s.event_id, s.content_hash, s.region_code, s.location_source, s.store_code, s.is_known_store, count(*) as units
    from core.sighting as s
    where
        region_at(s.place_code, 'county') is null
        -- Against the instants themselves, so that sightings of other days are not read.
        and (cast($from as date) is null or s.sighted_at >= business_midnight(cast($from as date)))
        and (
            cast($to as date) is null
            or s.sighted_at < business_midnight(cast(cast($to as date) + interval '1 day' as date))
        )
    group by s.event_id, s.content_hash, s.region_code, s.location_source, s.store_code, s.is_known_store
),
seen_at_store as (
    select store_code, sum(units) as qty
    from sighting
    where is_known_store and (location_source = 'store' or region_code is null)
    group by store_code
),
found as (
    select
        'dealer' as source,
        d.address,
        d.region_code as given_region,
        p.region_code,
        cast(coalesce(s.qty, 0) as decimal(38, 10)) as qty,
        cast(null as decimal(38, 10)) as amount,
        cast(null as varchar) as location_source,
        d.dealer_code as example
    from dealer as d
    join core.dealer_profile as p on p.dealer_code = d.dealer_code
    left join shipped as s on s.dealer_code = d.dealer_code
    where region_at(p.region_code, 'county') is null
    union all
    select
        'store' as source,
        t.address,
        t.region_code as given_region,
        p.region_code,
        cast(coalesce(s.qty, 0) as decimal(38, 10)) as qty,
        cast(null as decimal(38, 10)) as amount,
        cast(null as varchar) as location_source,
        t.store_code as example
    from store as t
    join core.store_profile as p on p.store_code = t.store_code
    left join seen_at_store as s on s.store_code = t.store_code
    where region_at(region_today(p.region_code), 'county') is null
    union all
    select
        'order' as source,
        o.ship_to_address as address,
        o.ship_to_region as given_region,
        o.region_code,
        cast(coalesce(sum(l.base_qty), 0) as decimal(38, 10)) as qty,
        cast(coalesce(sum(l.amount), 0) as decimal(38, 10)) as amount,
        cast(null as varchar) as location_source,
        o.order_no as example
    from (
        select
            system,
            order_no,
            ship_to_address,
            ship_to_region,
            region_today(coalesce(
                case when region_level(ship_to_region) is not null then ship_to_region end,
                resolve_region(ship_to_address)
            )) as region_code
        from core.sales_order
        where
            status in ('approved', 'closed')
            and not is_deleted
            and (cast($from as date) is null or ordered_at >= business_midnight(cast($from as date)))
            and (
                cast($to as date) is null
                or ordered_at < business_midnight(cast(cast($to as date) + interval '1 day' as date))
            )
    ) as o
    join core.sales_order_line as l on l.system = o.system and l.order_no = o.order_no and not l.is_deleted
    where region_at(o.region_code, 'county') is null
    group by o.system, o.order_no, o.ship_to_address, o.ship_to_region, o.region_code
    union all
    select
        'sighting' as source,
        e.address,
        e.region_code as given_region,
        s.region_code,
        cast(s.units as decimal(38, 10)) as qty,
        cast(null as decimal(38, 10)) as amount,
        case
            when s.location_source is not null then s.location_source
            when e.location_source in ('gps', 'lbs') and region_level(e.region_code) is not null then 'fix'
            when e.region_code is null and e.longitude is not null and e.latitude is not null then 'position'
        end as location_source,
        s.event_id as example
    from sighting as s
    join core.scan_event as e on e.event_id = s.event_id and e.content_hash = s.content_hash
    where not (s.is_known_store and (coalesce(s.location_source, 'store') = 'store'))
),
reasoned as (
    select
        *,
        case
            when location_source = 'ip' then 'only_ip'
            when location_source = 'fix' then 'inaccurate_fix'
            when location_source = 'position' and address is null then 'only_position'
            when region_code is not null and region_level(given_region) is not null then 'code_above_county'
            when region_code is not null then concat('only_', region_level(region_code))
            when given_region is not null and region_level(given_region) is null then 'unknown_code'
            when address is null or btrim(address) = '' then 'no_address'
            else 'not_resolved'
        end as reason
    from found
),
weighed as (
    select
        source,
        address,
        given_region,
        region_code,
        region_level(region_code) as region_level,
        reason,
        count(*) as records,
        sum(qty) as qty,
        sum(amount) as amount,
        min(example) as example
    from reasoned
    group by source, address, given_region, region_code, reason
)
select
    row_number() over (
        order by qty desc, amount desc nulls last, records desc, source, address nulls last, given_region nulls last, region_code
    ) as rank,
    source,
    address,
    given_region,
    region_code,
    region_level,
    reason,
    region_evidence(address) as evidence,
    records,
    qty,
    amount,
    example
from weighed
