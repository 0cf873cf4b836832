update lease set expires_ms = cast(unixepoch('subsec') * 1000 as integer) + $4
where name = $1 and owner = $2 and fence = $3
