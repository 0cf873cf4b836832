-- Ordered, shipped, returned, sold and channel stock by period and region.
-- Periods are numbered so that stock can be carried into every one of them, also where nothing moved:
-- days and weeks since 1970, months since the year 0; a total is period 0.
-- Region codes are those of the day a thing happened, and of the end of the period for stock; with `--regions today` all stand
-- under today's codes, which compare over the years. A county that is one today and was several then stays one, because
-- which of them it was is not recorded.
-- What is asked stands where it is used, as a condition of its own and not as a column: the planner then keeps of every
-- choice only what was chosen, and columns nobody asks for are not read. All products together are in a table of their own,
-- which has far fewer rows.
-- title: Regional sales
-- title_zh: 区域销售
-- dimensions: period, region_code, dealer_code?, product_code?, channel?
-- parameters: from date, to date, grain text, level text, regions text, by_dealer_code boolean, by_product_code boolean, by_channel boolean
with sale as (
    select
        day,
        region_code,
        dealer_code,
        product_code,
        channel,
        ordered_qty,
        ordered_amount,
        shipped_qty,
        returned_qty,
        sold_qty,
        stock_change
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
        returned_qty,
        sold_qty,
        stock_change
    from marts.dealer_sales
    where not coalesce(cast($by_product_code as boolean), false)
),
moved as (
    select
        s.day,
        s.region_code,
        case when coalesce(cast($by_dealer_code as boolean), false) then s.dealer_code end as dealer_code,
        s.product_code,
        case when coalesce(cast($by_channel as boolean), false) then s.channel end as channel,
        sum(s.ordered_qty) as ordered_qty,
        sum(s.ordered_amount) as ordered_amount,
        sum(s.shipped_qty) as shipped_qty,
        sum(s.returned_qty) as returned_qty,
        sum(s.sold_qty) as sold_qty
    from sale as s
    where
        (cast($from as date) is null or s.day >= cast($from as date))
        and s.day <= coalesce(cast($to as date), s.day)
    group by 1, 2, 3, 4, 5
),
numbered as (
    select
        case
            when cast($grain as varchar) = 'day' then cast(day as int)
            when cast($grain as varchar) = 'week' then (cast(day as int) + 3) / 7
            when cast($grain as varchar) = 'month'
                then cast(date_part('year', day) as int) * 12 + cast(date_part('month', day) as int) - 1
            else 0
        end as period_no,
        region_at(
            case
                when coalesce(cast($regions as varchar), 'then') = 'then' then region_on(region_code, day)
                else region_code
            end,
            cast($level as varchar)
        ) as region_code,
        dealer_code,
        product_code,
        channel,
        ordered_qty,
        ordered_amount,
        shipped_qty,
        returned_qty,
        sold_qty
    from moved
),
last_day as (
    select coalesce(cast($to as date), greatest(business_date(as_of()), max(day))) as day
    from marts.dealer_sales
),
stock_day as (
    select
        -- What came into stock before the first day is there when it begins.
        greatest(s.day, cast($from as date)) as day,
        s.region_code,
        case when coalesce(cast($by_dealer_code as boolean), false) then s.dealer_code end as dealer_code,
        s.product_code,
        case when coalesce(cast($by_channel as boolean), false) then s.channel end as channel,
        s.stock_change
    from sale as s
    where s.stock_change <> 0 and s.day <= coalesce(cast($to as date), s.day)
),
-- By the codes of the mart first: there are few of them, of which the level is then asked.
stock_change as (
    select
        case
            when cast($grain as varchar) = 'day' then cast(day as int)
            when cast($grain as varchar) = 'week' then (cast(day as int) + 3) / 7
            when cast($grain as varchar) = 'month'
                then cast(date_part('year', day) as int) * 12 + cast(date_part('month', day) as int) - 1
            else 0
        end as period_no,
        region_code,
        dealer_code,
        product_code,
        channel,
        sum(stock_change) as change
    from stock_day
    group by 1, 2, 3, 4, 5
),
stock_moved as (
    select
        period_no,
        -- Stock is carried under one code, and named at the end of each period.
        case
            when coalesce(cast($regions as varchar), 'then') = 'then' then region_code
            else region_at(region_code, cast($level as varchar))
        end as stock_code,
        dealer_code,
        product_code,
        channel,
        sum(change) as change
    from stock_change
    group by 1, 2, 3, 4, 5
    having sum(change) <> 0
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
            cast(coalesce(s.next_no, case
                when cast($grain as varchar) = 'day' then cast(l.day as int)
                when cast($grain as varchar) = 'week' then (cast(l.day as int) + 3) / 7
                when cast($grain as varchar) = 'month'
                    then cast(date_part('year', l.day) as int) * 12 + cast(date_part('month', l.day) as int) - 1
                else 0
            end + 1) as bigint)
        )) as period_no,
        l.day as last_day,
        s.stock_code,
        s.dealer_code,
        s.product_code,
        s.channel,
        s.stock
    from stock_level as s
    cross join last_day as l
    where s.stock <> 0
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
    where ordered_qty <> 0 or ordered_amount <> 0 or shipped_qty <> 0 or returned_qty <> 0 or sold_qty <> 0
    union all
    select
        period_no,
        case
            when coalesce(cast($regions as varchar), 'then') = 'then' then region_at(
                region_on(
                    stock_code,
                    least(last_day, case
                        when cast($grain as varchar) = 'day' then cast(cast(period_no as int) as date)
                        when cast($grain as varchar) = 'week' then cast(cast(period_no * 7 + 3 as int) as date)
                        when cast($grain as varchar) = 'month' then cast(
                            cast(concat(
                                lpad(cast(period_no / 12 as varchar), 4, '0'), '-',
                                lpad(cast(period_no % 12 + 1 as varchar), 2, '0'), '-01'
                            ) as date) + interval '1 month' - interval '1 day' as date
                        )
                        else last_day
                    end)
                ),
                cast($level as varchar)
            )
            else stock_code
        end as region_code,
        dealer_code,
        product_code,
        channel,
        cast(0 as decimal(38, 10)) as ordered_qty,
        cast(0 as decimal(38, 10)) as ordered_amount,
        0 as shipped_qty,
        0 as returned_qty,
        0 as sold_qty,
        stock as channel_stock
    from carried
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
    case
        when cast($grain as varchar) = 'day' then cast(cast(cast(s.period_no as int) as date) as varchar)
        when cast($grain as varchar) = 'week' then cast(cast(cast(s.period_no * 7 - 3 as int) as date) as varchar)
        when cast($grain as varchar) = 'month' then concat(
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
left join core.region_name as n on n.region_code = s.region_code
