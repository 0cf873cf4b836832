-- Dealers for whoever answers by code from memory.
select dealer_code, name, channel, parent_dealer_code, region_code from core.dealer_profile
