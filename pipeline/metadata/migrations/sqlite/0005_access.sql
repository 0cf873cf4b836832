-- Who may log in. Roles, passwords and scope are decided elsewhere; this is what they are decided on.
create table account (
    login                text primary key,
    display_name         text not null,
    role                 text not null,
    password_hash        text,            -- argon2id in PHC form
    oidc_subject         text unique,
    regions              text not null check (json_valid(regions)),
    dealer_code          text,
    locale               text not null,
    status               text not null check (status in ('active', 'disabled')),
    failed_attempts      integer not null default 0,
    locked_until         text,            -- RFC 3339, UTC, like every time here
    created_at           text not null,
    updated_at           text not null,
    must_change_password integer not null check (must_change_password in (0, 1)),
    revision             integer not null
) strict;

create table session (
    id_hash      text primary key,
    login        text not null,
    csrf_token   text not null,
    created_at   text not null,
    last_seen_at text not null,
    expires_at   text not null,
    address      text not null,
    user_agent   text not null
) strict;

create index session_of_login on session (login);

create table api_token (
    token_id     text primary key,
    name         text not null,
    role         text not null,
    login        text,
    hash         text not null unique,
    created_at   text not null,
    expires_at   text,
    revoked_at   text,
    last_used_at text
) strict;

create table oidc_flow (
    state_hash    text primary key,
    nonce         text not null,
    pkce_verifier text not null,
    return_to     text not null,
    created_at    text not null,
    expires_at    text not null
) strict;

-- Entry ids sort by time.
create table audit_entry (
    entry_id text primary key,
    at       text not null,
    actor    text not null,
    role     text,
    address  text,
    action   text not null,
    object   text not null,
    outcome  text not null check (outcome in ('done', 'refused', 'failed')),
    detail   text not null check (json_valid(detail))
) strict;

create index audit_of_actor on audit_entry (actor, entry_id);
create index audit_of_action on audit_entry (action, entry_id);
create index audit_at on audit_entry (at);

-- Rows are only added.
create trigger audit_entry_no_update before update on audit_entry
    begin select raise(abort, 'rows of audit_entry are only added'); end;
create trigger audit_entry_no_delete before delete on audit_entry
    begin select raise(abort, 'rows of audit_entry are only added'); end;
