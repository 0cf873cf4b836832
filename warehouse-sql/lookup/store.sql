-- Stores for whoever answers by code from memory.
select store_code, dealer_code from core.store_profile
