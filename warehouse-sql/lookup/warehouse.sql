-- Warehouses of our own.
select distinct warehouse_code from core.warehouse where warehouse_code is not null
