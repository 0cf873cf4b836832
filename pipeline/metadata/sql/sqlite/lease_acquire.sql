insert into lease (name, owner, fence, expires_ms)
values ($1, $2, 1, cast(unixepoch('subsec') * 1000 as integer) + $3)
on conflict (name) do update
set owner = excluded.owner, fence = lease.fence + 1, expires_ms = excluded.expires_ms
where lease.owner = excluded.owner or lease.expires_ms <= cast(unixepoch('subsec') * 1000 as integer)
returning fence
