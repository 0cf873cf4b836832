-- Who may work on what, across processes. A row is never deleted: the fence must go on growing.
create table lease (
    name       text primary key,
    owner      text not null,             -- empty: given back
    fence      integer not null,
    expires_ms integer not null           -- milliseconds since 1970 by the database's clock
) strict;

create table job_state (
    job           text primary key,
    paused_at     text,                   -- RFC 3339, UTC, like every time here
    decided_until text not null
) strict;

create table job_run (
    admission  integer primary key autoincrement,
    run_id     text not null unique,
    job        text not null,
    trigger    text not null,
    due_at     text,
    queued_at  text not null,
    started_at text,
    ended_at   text,
    outcome    text not null check (outcome in
               ('queued', 'running', 'green', 'yellow', 'red', 'interrupted', 'skipped')),
    read       integer not null default 0,
    loaded     integer not null default 0,
    unchanged  integer not null default 0,
    rejected   integer not null default 0,
    message    text,
    message_zh text,
    asked_by   text,
    holder     text,                      -- the owner of the lease it was begun under
    fence      integer,
    check (outcome in ('queued', 'running', 'red', 'interrupted') or read = loaded + unchanged + rejected)
) strict;

-- A due time is run at most once.
create unique index job_run_due on job_run (job, due_at) where due_at is not null;
create unique index job_run_asked on job_run (job) where outcome = 'queued' and trigger = 'manual';
create index job_run_newest on job_run (job, admission);
create index job_run_open on job_run (admission) where outcome in ('queued', 'running');

-- Until when the data of a report reach.
create table freshness_mark (
    report     text primary key,
    built_at   text,
    data_until text,
    slowest    text,                      -- the system that holds data_until back
    noted_at   text not null
) strict;
