-- Held until the transaction ends: one process migrates at a time. The number is this table's alone.
select pg_advisory_xact_lock(7289634871);

create table if not exists _sqlx_migrations (
    version        bigint primary key,
    description    text not null,
    installed_on   timestamptz not null default now(),
    success        boolean not null,
    checksum       bytea not null,
    execution_time bigint not null
);
