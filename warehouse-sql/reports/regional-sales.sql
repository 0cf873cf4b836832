-- Ordered, shipped, returned, sold and channel stock by period and region.
-- Periods are numbered so that stock can be carried into every one of them, also where nothing moved:
-- days and weeks since 1970, months since the year 0; a total is period 0.
-- Region codes are those of the day a thing happened, and of the end of the period for stock; with `--regions today` all stand
-- under today's codes, which compare over the years. A county that is one today and was several then stays one, because
-- which of them it was is not recorded.
-- title: Regional sales
-- title_zh: 区域销售
-- dimensions: period, region_code, dealer_code?, product_code?, channel?
-- parameters: from date, to date, grain text, level text, regions text, by_dealer_code boolean, by_product_code boolean, by_channel boolean
with span as (
    select
        cast($grain as varchar) as grain,
        cast($level as varchar) as level,
        coalesce(cast($regions as varchar), 'then') as regions,
        coalesce(
            cast($to as date),
            (select greatest(business_date(as_of()), max(day)) from marts.regional_sales)
        ) as to_day
),
-- What is asked stands here as it was given, not as columns of `span`, so that columns nobody asks for are not read.
moved as (
    select
        -- What came into stock before the first day is there when it begins.
        greatest(s.day, cast($from as date)) as day,
        cast($from as date) is null or s.day >= cast($from as date) as is_within,
        s.region_code,
        case when cast($by_dealer_code as boolean) then s.dealer_code end as dealer_code,
        case when cast($by_product_code as boolean) then s.product_code end as product_code,
        case when cast($by_channel as boolean) then s.channel end as channel,
        sum(s.ordered_qty) as ordered_qty,
        sum(s.ordered_amount) as ordered_amount,
        sum(s.shipped_qty) as shipped_qty,
        sum(s.returned_qty) as returned_qty,
        sum(s.sold_qty) as sold_qty,
        sum(s.stock_change) as stock_change
    from marts.regional_sales as s
    where s.day <= coalesce(
        cast($to as date),
        (select greatest(business_date(as_of()), max(day)) from marts.regional_sales)
    )
    group by 1, 2, 3, 4, 5, 6
),
numbered as (
    select
        case cast($grain as varchar)
            when 'day' then cast(day as int)
            when 'week' then (cast(day as int) + 3) / 7
            when 'month' then cast(date_part('year', day) as int) * 12 + cast(date_part('month', day) as int) - 1
            else 0
        end as period_no,
        is_within,
        region_at(
            case
                when coalesce(cast($regions as varchar), 'then') = 'then' then region_on(region_code, day)
                else region_code
            end,
            cast($level as varchar)
        ) as region_code,
        -- Stock is carried under one code, and named at the end of each period.
        case
            when coalesce(cast($regions as varchar), 'then') = 'then' then region_code
            else region_at(region_code, cast($level as varchar))
        end as stock_code,
        dealer_code,
        product_code,
        channel,
        ordered_qty,
        ordered_amount,
        shipped_qty,
        returned_qty,
        sold_qty,
        stock_change
    from moved
),
last_period as (
    select
        case grain
            when 'day' then cast(to_day as int)
            when 'week' then (cast(to_day as int) + 3) / 7
            when 'month' then cast(date_part('year', to_day) as int) * 12 + cast(date_part('month', to_day) as int) - 1
            else 0
        end as period_no,
        grain,
        level,
        regions,
        to_day
    from span
),
stock_moved as (
    select period_no, stock_code, dealer_code, product_code, channel, sum(stock_change) as change
    from numbered
    group by period_no, stock_code, dealer_code, product_code, channel
    having sum(stock_change) <> 0
),
stock_level as (
    select
        period_no,
        stock_code,
        dealer_code,
        product_code,
        channel,
        sum(change) over (
            partition by stock_code, dealer_code, product_code, channel
            order by period_no
        ) as stock,
        lead(period_no) over (
            partition by stock_code, dealer_code, product_code, channel
            order by period_no
        ) as next_no
    from stock_moved
),
carried as (
    select
        unnest(range(
            cast(s.period_no as bigint),
            cast(coalesce(s.next_no, l.period_no + 1) as bigint)
        )) as period_no,
        s.stock_code,
        s.dealer_code,
        s.product_code,
        s.channel,
        s.stock
    from stock_level as s
    cross join last_period as l
    where s.stock <> 0
),
stock as (
    select
        c.period_no,
        case
            when l.regions = 'then' then region_at(
                region_on(
                    c.stock_code,
                    least(l.to_day, case l.grain
                        when 'day' then cast(cast(c.period_no as int) as date)
                        when 'week' then cast(cast(c.period_no * 7 + 3 as int) as date)
                        when 'month' then cast(
                            cast(concat(
                                lpad(cast(c.period_no / 12 as varchar), 4, '0'), '-',
                                lpad(cast(c.period_no % 12 + 1 as varchar), 2, '0'), '-01'
                            ) as date) + interval '1 month' - interval '1 day' as date
                        )
                        else l.to_day
                    end)
                ),
                l.level
            )
            else c.stock_code
        end as region_code,
        c.dealer_code,
        c.product_code,
        c.channel,
        c.stock
    from carried as c
    cross join last_period as l
),
measured as (
    select
        cast(period_no as bigint) as period_no,
        region_code,
        dealer_code,
        product_code,
        channel,
        ordered_qty,
        ordered_amount,
        shipped_qty,
        returned_qty,
        sold_qty,
        0 as channel_stock
    from numbered
    where
        is_within
        and (ordered_qty <> 0 or ordered_amount <> 0 or shipped_qty <> 0 or returned_qty <> 0 or sold_qty <> 0)
    union all
    select
        period_no,
        region_code,
        dealer_code,
        product_code,
        channel,
        cast(0 as decimal(38, 10)) as ordered_qty,
        cast(0 as decimal(38, 10)) as ordered_amount,
        0 as shipped_qty,
        0 as returned_qty,
        0 as sold_qty,
        stock as channel_stock
    from stock
),
summed as (
    select
        period_no,
        region_code,
        dealer_code,
        product_code,
        channel,
        sum(ordered_qty) as ordered_qty,
        sum(ordered_amount) as ordered_amount,
        sum(shipped_qty) as shipped_qty,
        sum(returned_qty) as returned_qty,
        sum(sold_qty) as sold_qty,
        sum(channel_stock) as channel_stock
    from measured
    group by period_no, region_code, dealer_code, product_code, channel
)
select
    case l.grain
        when 'day' then cast(cast(cast(s.period_no as int) as date) as varchar)
        when 'week' then cast(cast(cast(s.period_no * 7 - 3 as int) as date) as varchar)
        when 'month' then concat(
            lpad(cast(s.period_no / 12 as varchar), 4, '0'), '-', lpad(cast(s.period_no % 12 + 1 as varchar), 2, '0')
        )
        else 'total'
    end as period,
    s.region_code,
    s.dealer_code,
    s.product_code,
    s.channel,
    n.name as region_name,
    s.ordered_qty,
    s.ordered_amount,
    s.shipped_qty,
    s.returned_qty,
    s.sold_qty,
    s.channel_stock
from summed as s
cross join last_period as l
left join core.region_name as n on n.region_code = s.region_code
