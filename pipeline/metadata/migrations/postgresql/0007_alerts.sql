-- Signals of one rule about one thing, from the first to the all-clear.
create table alert (
    alert_id        text collate "C" primary key,
    rule            text collate "C" not null,
    dedup_key       text collate "C" not null,
    kind            text collate "C" not null,
    subject         text collate "C" not null,
    severity        text collate "C" not null,
    first_at        text collate "C" not null,        -- RFC 3339, UTC, like every time here
    last_at         text collate "C" not null,
    signals         bigint not null,
    status          text collate "C" not null check (status in ('open', 'acknowledged', 'resolved')),
    fields          text collate "C" not null check (fields::json is not null),
    region_code     text collate "C",
    dealer_code     text collate "C",
    opened_at       text collate "C" not null,
    notified_at     text collate "C" not null,
    round           bigint not null,
    escalation_step bigint not null,
    escalates_at    text collate "C",
    silenced_until  text collate "C",
    handled_by      text collate "C",
    handled_at      text collate "C",
    note            text collate "C",
    resolved_at     text collate "C",
    version         bigint not null
);

create unique index alert_live on alert (dedup_key) where status <> 'resolved';
create index alert_of_key on alert (dedup_key, opened_at);
create index alert_newest on alert (opened_at, alert_id);
create index alert_of_status on alert (status, opened_at, alert_id);
create index alert_escalating on alert (escalates_at) where status = 'open' and escalates_at is not null;

-- One message about one alert to one recipient, and how it fared.
create table alert_delivery (
    delivery_id text collate "C" primary key,
    alert_id    text collate "C" not null,
    round       bigint not null,
    step        bigint not null,
    channel     text collate "C" not null,
    recipient   text collate "C" not null,
    status      text collate "C" not null check (status in ('pending', 'sent', 'failed', 'given_up')),
    is_held     bigint not null check (is_held in (0, 1)),
    attempts    bigint not null,
    next_at     text collate "C" not null,
    last_error  text collate "C",
    created_at  text collate "C" not null,
    sent_at     text collate "C",
    message_id  text collate "C"
);

create index alert_delivery_due on alert_delivery (channel, next_at) where status in ('pending', 'failed');
create index alert_delivery_newest on alert_delivery (created_at, delivery_id);
create index alert_delivery_of_alert on alert_delivery (alert_id, created_at, delivery_id);
create index alert_delivery_sent on alert_delivery (channel, sent_at) where sent_at is not null;
