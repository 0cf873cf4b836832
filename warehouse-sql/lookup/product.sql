-- Products for whoever answers by code from memory.
select product_code, name, spec, category, base_unit, items_per_case from core.product_profile
