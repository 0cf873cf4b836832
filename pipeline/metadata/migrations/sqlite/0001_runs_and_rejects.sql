create table run (
    run_id      text primary key,
    kind        text not null,           -- sync, ingest, build
    system      text not null,
    stream      text not null,
    started_at  text not null,           -- RFC 3339, UTC
    ended_at    text,
    outcome     text not null,           -- running, green, yellow, red, interrupted
    read        integer not null default 0,
    loaded      integer not null default 0,
    unchanged   integer not null default 0,
    rejected    integer not null default 0,
    message     text,
    check (outcome in ('running', 'red', 'interrupted') or read = loaded + unchanged + rejected)
) strict;

create index run_started on run (started_at);

create table reject (
    reject_id    integer primary key autoincrement,
    system       text not null,
    stream       text not null,
    reason       text not null,
    message      text not null,
    payload      text not null,
    payload_hash text not null,
    position     text not null,
    first_run_id text not null,
    seen_at      text not null,
    status       text not null default 'open' check (status in ('open', 'replayed', 'discarded')),
    closed_at    text,
    note         text
) strict;

-- A row rejected again by a later run is the same open reject.
create unique index reject_open on reject (system, stream, payload_hash) where status = 'open';
