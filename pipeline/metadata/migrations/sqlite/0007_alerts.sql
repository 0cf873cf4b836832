-- Signals of one rule about one thing, from the first to the all-clear.
create table alert (
    alert_id        text primary key,
    rule            text not null,
    dedup_key       text not null,
    kind            text not null,
    subject         text not null,
    severity        text not null,
    first_at        text not null,        -- RFC 3339, UTC, like every time here
    last_at         text not null,
    signals         integer not null,
    status          text not null check (status in ('open', 'acknowledged', 'resolved')),
    fields          text not null check (json_valid(fields)),
    region_code     text,
    dealer_code     text,
    opened_at       text not null,
    notified_at     text not null,
    round           integer not null,
    escalation_step integer not null,
    escalates_at    text,
    silenced_until  text,
    handled_by      text,
    handled_at      text,
    note            text,
    resolved_at     text,
    version         integer not null
) strict;

create unique index alert_live on alert (dedup_key) where status <> 'resolved';
create index alert_of_key on alert (dedup_key, opened_at);
create index alert_newest on alert (opened_at, alert_id);
create index alert_of_status on alert (status, opened_at, alert_id);
create index alert_escalating on alert (escalates_at) where status = 'open' and escalates_at is not null;

-- One message about one alert to one recipient, and how it fared.
create table alert_delivery (
    delivery_id text primary key,
    alert_id    text not null,
    round       integer not null,
    step        integer not null,
    channel     text not null,
    recipient   text not null,
    status      text not null check (status in ('pending', 'sent', 'failed', 'given_up')),
    is_held     integer not null check (is_held in (0, 1)),
    attempts    integer not null,
    next_at     text not null,
    last_error  text,
    created_at  text not null,
    sent_at     text,
    message_id  text
) strict;

create index alert_delivery_due on alert_delivery (channel, next_at) where status in ('pending', 'failed');
create index alert_delivery_newest on alert_delivery (created_at, delivery_id);
create index alert_delivery_of_alert on alert_delivery (alert_id, created_at, delivery_id);
create index alert_delivery_sent on alert_delivery (channel, sent_at) where sent_at is not null;
