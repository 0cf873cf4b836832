insert into lease (name, owner, fence, expires_ms)
values ($1, $2, 1, (extract(epoch from clock_timestamp()) * 1000)::bigint + $3)
on conflict (name) do update
set owner = excluded.owner, fence = lease.fence + 1,
    -- Asked again: the row may have been waited for.
    expires_ms = (extract(epoch from clock_timestamp()) * 1000)::bigint + $3
where lease.owner = excluded.owner
   or lease.expires_ms <= (extract(epoch from clock_timestamp()) * 1000)::bigint
returning fence
