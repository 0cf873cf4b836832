-- Sells that sold nothing: claims of promoters that are held or were rejected.
select event_id, code from marts.promoter_claims
where verdict in ('held', 'rejected') and event_id is not null
