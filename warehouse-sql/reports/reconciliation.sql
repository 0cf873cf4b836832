-- Lines of ERP orders against scans. Orders stand on their own day, scans without a known order on the day of
-- the ship.
-- title: ERP against scans
-- title_zh: 订单与扫码对账
-- dimensions: order_no, line_no, dealer_code, product_code
-- parameters: from date, to date
with asked as (
    select cast($from as date) as from_day, cast($to as date) as to_day
),
within as (
    select r.*
    from marts.reconciliation as r
    cross join asked as a
    where (a.from_day is null or r.day >= a.from_day) and (a.to_day is null or r.day <= a.to_day)
)
select order_no, line_no, dealer_code, product_code, ordered_qty, delivered_qty, scanned_qty, status, system
from within
where status <> 'not_in_erp'
union all
select
    cast(null as varchar) as order_no,
    cast(null as varchar) as line_no,
    dealer_code,
    product_code,
    sum(ordered_qty) as ordered_qty,
    sum(delivered_qty) as delivered_qty,
    sum(scanned_qty) as scanned_qty,
    status,
    cast(null as varchar) as system
from within
where status = 'not_in_erp'
group by dealer_code, product_code, status
