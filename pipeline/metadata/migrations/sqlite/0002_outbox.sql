-- Documents on their way to a system. A row is never deleted: it is the only memory of what was sent.
create table outbox (
    entry_id     integer primary key autoincrement,
    system       text not null,
    kind         text not null,           -- delivery_result, inspection_result
    key          text not null,           -- the idempotency key
    body         text not null check (json_valid(body)),
    content_hash text not null,
    status       text not null default 'draft' check (status in
                 ('draft', 'approved', 'sending', 'sent', 'refused', 'failed', 'unknown', 'discarded')),
    approved_by  text,
    approved_at  text,                    -- RFC 3339, UTC, like every time here
    attempts     integer not null default 0,
    attempted_at text,
    last_error   text,
    receipt      text check (json_valid(receipt)),
    note         text,
    created_at   text not null,
    updated_at   text not null,
    check (status in ('draft', 'discarded') or approved_by is not null),
    check (status <> 'sent' or receipt is not null)
) strict;

-- Only what was never held by the system can be discarded, so its key may name another document.
create unique index outbox_key on outbox (system, key) where status <> 'discarded';

create index outbox_due on outbox (system, entry_id) where status in ('approved', 'failed', 'unknown');
