update lease set expires_ms = (extract(epoch from clock_timestamp()) * 1000)::bigint + $4
where name = $1 and owner = $2 and fence = $3
