-- What a comparison of keys found, why a run began, and for which job.
alter table run add column deleted bigint not null default 0;
alter table run add column missing bigint not null default 0;
alter table run add column trigger text;
alter table run add column job text collate "C";

-- Lists go newest first and page by both.
create index run_newest on run (started_at, run_id);
create index run_of_system on run (system, started_at, run_id);
create index run_of_job on run (job, started_at, run_id) where job is not null;

create index reject_of_status on reject (status, reject_id);
create index reject_of_system on reject (system, status, reject_id);
