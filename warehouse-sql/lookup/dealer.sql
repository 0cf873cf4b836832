-- Dealers for whoever answers by code from memory.
select dealer_code, name, channel from core.dealer_profile
