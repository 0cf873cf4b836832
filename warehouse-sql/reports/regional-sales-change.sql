-- Regional sales against the period before (环比) and the same period of the year before (同比).
-- A period that is not over is cut at the last day asked for, at most today, and stands against as many days of the
-- other periods: 1 to 18 June against 1 to 18 May and 1 to 18 June of the year before. `is_partial` marks it; so does it
-- a period cut at its beginning. Whole months stand against whole months, whatever their length. A week of the year
-- before is the one 52 weeks earlier, which has the same weekdays; a day is that of the same date. A total stands against
-- as many days right before it, so it needs --from.
-- An earlier figure is empty where the measure was not yet recorded: where the days it stands for begin before the month
-- of the measure's first record. There it is unknown, not 0. A change is (now - then) / then as a fraction, empty
-- without a figure or against 0. A region that sold then and sells nothing now has a row.
-- title: Regional sales, year on year
-- title_zh: 区域销售同比环比
-- dimensions: period, region_code, dealer_code?, product_code?, channel?
-- parameters: from date, to date, grain text, level text, by_dealer_code boolean, by_product_code boolean, by_channel boolean
with asked as (
    select
        cast($from as date) as from_day,
        least(coalesce(cast($to as date), business_date(as_of())), business_date(as_of())) as to_day
),
recorded as (
    select
        min(day) as first_day,
        cast(date_trunc('month', min(case when ordered_qty <> 0 or ordered_amount <> 0 then day end)) as date) as ordered_since,
        cast(date_trunc('month', min(case when shipped_qty <> 0 then day end)) as date) as shipped_since,
        cast(date_trunc('month', min(case when sold_qty <> 0 then day end)) as date) as sold_since
    from marts.regional_sales
),
span as (
    select
        a.to_day,
        coalesce(a.from_day, case
            when cast($grain as varchar) = 'week' then cast(date_trunc('week', r.first_day) as date)
            when cast($grain as varchar) = 'month' then cast(date_trunc('month', r.first_day) as date)
            else r.first_day
        end) as from_day,
        a.from_day is not null as is_begun
    from asked as a
    cross join recorded as r
),
day as (
    select
        is_begun,
        from_day,
        to_day,
        cast(cast(unnest(range(
            cast(cast(from_day as int) as bigint),
            cast(cast(to_day as int) as bigint) + 1
        )) as int) as date) as day
    from span
),
-- Every period with its own first day and the first day of the next one.
period as (
    select
        is_begun,
        starts,
        case
            when cast($grain as varchar) = 'day' then cast(starts + interval '1 day' as date)
            when cast($grain as varchar) = 'week' then cast(starts + interval '7 days' as date)
            when cast($grain as varchar) = 'month' then cast(starts + interval '1 month' as date)
            else cast(max(day) + interval '1 day' as date)
        end as next_starts,
        min(day) as begins,
        max(day) as ends
    from (
        select
            is_begun,
            day,
            case
                when cast($grain as varchar) = 'day' then day
                when cast($grain as varchar) = 'week' then cast(date_trunc('week', day) as date)
                when cast($grain as varchar) = 'month' then cast(date_trunc('month', day) as date)
                else from_day
            end as starts
        from day
    ) as d
    group by is_begun, starts
),
-- The days a period stands against; where it is whole, up to the day before that of the next one.
compared as (
    select
        starts,
        begins,
        ends,
        case
            when cast($grain as varchar) = 'total' then 'total'
            when cast($grain as varchar) = 'month' then substr(cast(starts as varchar), 1, 7)
            else cast(starts as varchar)
        end as period,
        begins > starts
        or ends < cast(next_starts - interval '1 day' as date)
        or ends = business_date(as_of()) as is_partial,
        case
            when cast($grain as varchar) = 'day' then cast(begins - interval '1 day' as date)
            when cast($grain as varchar) = 'week' then cast(begins - interval '7 days' as date)
            when cast($grain as varchar) = 'month' then cast(begins - interval '1 month' as date)
            else case when is_begun then cast(cast(cast(begins as int) * 2 - cast(next_starts as int) as int) as date) end
        end as previous_begins,
        case
            when cast($grain as varchar) = 'day' then cast(begins - interval '1 day' as date)
            when cast($grain as varchar) = 'week' then cast(ends - interval '7 days' as date)
            when cast($grain as varchar) = 'month' then case
                when next_starts > cast(ends + interval '1 day' as date) then cast(ends - interval '1 month' as date)
                else cast(starts - interval '1 day' as date)
            end
            else cast(begins - interval '1 day' as date)
        end as previous_ends,
        case
            when cast($grain as varchar) = 'week' then cast(begins - interval '364 days' as date)
            when cast($grain as varchar) = 'total' then case when is_begun then cast(begins - interval '1 year' as date) end
            else cast(begins - interval '1 year' as date)
        end as year_begins,
        case
            when cast($grain as varchar) = 'week' then cast(ends - interval '364 days' as date)
            when cast($grain as varchar) = 'month' and next_starts = cast(ends + interval '1 day' as date)
                then cast(cast(next_starts - interval '1 year' as date) - interval '1 day' as date)
            else cast(ends - interval '1 year' as date)
        end as year_ends
    from period
),
calendar as (
    select
        starts,
        'now' as side,
        unnest(range(cast(cast(begins as int) as bigint), cast(cast(ends as int) as bigint) + 1)) as day_no
    from compared
    union all
    select
        starts,
        'previous' as side,
        unnest(range(cast(cast(previous_begins as int) as bigint), cast(cast(previous_ends as int) as bigint) + 1)) as day_no
    from compared
    where previous_begins is not null
    union all
    select
        starts,
        'year' as side,
        unnest(range(cast(cast(year_begins as int) as bigint), cast(cast(year_ends as int) as bigint) + 1)) as day_no
    from compared
    where year_begins is not null
),
bound as (
    select min(day_no) as first_no, max(day_no) as last_no from calendar
),
-- All products together are in a table of their own, which has far fewer rows.
sale as (
    select day, region_code, dealer_code, product_code, channel, ordered_qty, ordered_amount, shipped_qty, sold_qty
    from marts.regional_sales
    where coalesce(cast($by_product_code as boolean), false)
    union all
    select
        day,
        region_code,
        dealer_code,
        cast(null as varchar) as product_code,
        channel,
        ordered_qty,
        ordered_amount,
        shipped_qty,
        sold_qty
    from marts.dealer_sales
    where not coalesce(cast($by_product_code as boolean), false)
),
fact as (
    select
        cast(cast(s.day as int) as bigint) as day_no,
        region_at(s.region_code, cast($level as varchar)) as region_code,
        -- As it was given, so that columns nobody asks for are not read.
        case when coalesce(cast($by_dealer_code as boolean), false) then s.dealer_code end as dealer_code,
        s.product_code,
        case when coalesce(cast($by_channel as boolean), false) then s.channel end as channel,
        sum(s.ordered_qty) as ordered_qty,
        sum(s.ordered_amount) as ordered_amount,
        sum(s.shipped_qty) as shipped_qty,
        sum(s.sold_qty) as sold_qty
    from sale as s
    cross join bound as b
    where cast(cast(s.day as int) as bigint) >= b.first_no and cast(cast(s.day as int) as bigint) <= b.last_no
    group by 1, 2, 3, 4, 5
),
summed as (
    select
        c.starts,
        f.region_code,
        f.dealer_code,
        f.product_code,
        f.channel,
        sum(case when c.side = 'now' then f.ordered_qty else 0 end) as ordered_qty,
        sum(case when c.side = 'previous' then f.ordered_qty else 0 end) as ordered_qty_previous,
        sum(case when c.side = 'year' then f.ordered_qty else 0 end) as ordered_qty_year_before,
        sum(case when c.side = 'now' then f.ordered_amount else 0 end) as ordered_amount,
        sum(case when c.side = 'previous' then f.ordered_amount else 0 end) as ordered_amount_previous,
        sum(case when c.side = 'year' then f.ordered_amount else 0 end) as ordered_amount_year_before,
        sum(case when c.side = 'now' then f.shipped_qty else 0 end) as shipped_qty,
        sum(case when c.side = 'previous' then f.shipped_qty else 0 end) as shipped_qty_previous,
        sum(case when c.side = 'year' then f.shipped_qty else 0 end) as shipped_qty_year_before,
        sum(case when c.side = 'now' then f.sold_qty else 0 end) as sold_qty,
        sum(case when c.side = 'previous' then f.sold_qty else 0 end) as sold_qty_previous,
        sum(case when c.side = 'year' then f.sold_qty else 0 end) as sold_qty_year_before
    from fact as f
    join calendar as c on c.day_no = f.day_no
    where f.ordered_qty <> 0 or f.ordered_amount <> 0 or f.shipped_qty <> 0 or f.sold_qty <> 0
    group by c.starts, f.region_code, f.dealer_code, f.product_code, f.channel
),
known as (
    select
        c.period,
        c.is_partial,
        s.region_code,
        s.dealer_code,
        s.product_code,
        s.channel,
        s.ordered_qty,
        case when c.previous_begins >= r.ordered_since then s.ordered_qty_previous end as ordered_qty_previous,
        case when c.year_begins >= r.ordered_since then s.ordered_qty_year_before end as ordered_qty_year_before,
        s.ordered_amount,
        case when c.previous_begins >= r.ordered_since then s.ordered_amount_previous end as ordered_amount_previous,
        case when c.year_begins >= r.ordered_since then s.ordered_amount_year_before end as ordered_amount_year_before,
        s.shipped_qty,
        case when c.previous_begins >= r.shipped_since then s.shipped_qty_previous end as shipped_qty_previous,
        case when c.year_begins >= r.shipped_since then s.shipped_qty_year_before end as shipped_qty_year_before,
        s.sold_qty,
        case when c.previous_begins >= r.sold_since then s.sold_qty_previous end as sold_qty_previous,
        case when c.year_begins >= r.sold_since then s.sold_qty_year_before end as sold_qty_year_before
    from summed as s
    join compared as c on c.starts = s.starts
    cross join recorded as r
)
select
    k.period,
    k.region_code,
    k.dealer_code,
    k.product_code,
    k.channel,
    n.name as region_name,
    k.is_partial,
    k.ordered_qty,
    k.ordered_qty_previous,
    k.ordered_qty_year_before,
    cast(k.ordered_qty - k.ordered_qty_previous as double) / nullif(cast(k.ordered_qty_previous as double), 0) as ordered_qty_change,
    cast(k.ordered_qty - k.ordered_qty_year_before as double) / nullif(cast(k.ordered_qty_year_before as double), 0) as ordered_qty_year_change,
    k.ordered_amount,
    k.ordered_amount_previous,
    k.ordered_amount_year_before,
    cast(k.ordered_amount - k.ordered_amount_previous as double) / nullif(cast(k.ordered_amount_previous as double), 0) as ordered_amount_change,
    cast(k.ordered_amount - k.ordered_amount_year_before as double) / nullif(cast(k.ordered_amount_year_before as double), 0) as ordered_amount_year_change,
    k.shipped_qty,
    k.shipped_qty_previous,
    k.shipped_qty_year_before,
    cast(k.shipped_qty - k.shipped_qty_previous as double) / nullif(cast(k.shipped_qty_previous as double), 0) as shipped_qty_change,
    cast(k.shipped_qty - k.shipped_qty_year_before as double) / nullif(cast(k.shipped_qty_year_before as double), 0) as shipped_qty_year_change,
    k.sold_qty,
    k.sold_qty_previous,
    k.sold_qty_year_before,
    cast(k.sold_qty - k.sold_qty_previous as double) / nullif(cast(k.sold_qty_previous as double), 0) as sold_qty_change,
    cast(k.sold_qty - k.sold_qty_year_before as double) / nullif(cast(k.sold_qty_year_before as double), 0) as sold_qty_year_change
from known as k
left join core.region_name as n on n.region_code = k.region_code
