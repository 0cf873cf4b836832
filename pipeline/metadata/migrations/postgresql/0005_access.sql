-- Who may log in. Roles, passwords and scope are decided elsewhere; this is what they are decided on.
create table account (
    login                text collate "C" primary key,
    display_name         text collate "C" not null,
    role                 text collate "C" not null,
    password_hash        text collate "C",            -- argon2id in PHC form
    oidc_subject         text collate "C" unique,
    regions              text collate "C" not null check (regions::json is not null),
    dealer_code          text collate "C",
    locale               text collate "C" not null,
    status               text collate "C" not null check (status in ('active', 'disabled')),
    failed_attempts      bigint not null default 0,
    locked_until         text collate "C",            -- RFC 3339, UTC, like every time here
    created_at           text collate "C" not null,
    updated_at           text collate "C" not null,
    must_change_password bigint not null check (must_change_password in (0, 1)),
    revision             bigint not null
);

create table session (
    id_hash      text collate "C" primary key,
    login        text collate "C" not null,
    csrf_token   text collate "C" not null,
    created_at   text collate "C" not null,
    last_seen_at text collate "C" not null,
    expires_at   text collate "C" not null,
    address      text collate "C" not null,
    user_agent   text collate "C" not null
);

create index session_of_login on session (login);

create table api_token (
    token_id     text collate "C" primary key,
    name         text collate "C" not null,
    role         text collate "C" not null,
    login        text collate "C",
    hash         text collate "C" not null unique,
    created_at   text collate "C" not null,
    expires_at   text collate "C",
    revoked_at   text collate "C",
    last_used_at text collate "C"
);

create table oidc_flow (
    state_hash    text collate "C" primary key,
    nonce         text collate "C" not null,
    pkce_verifier text collate "C" not null,
    return_to     text collate "C" not null,
    created_at    text collate "C" not null,
    expires_at    text collate "C" not null
);

-- Entry ids sort by time.
create table audit_entry (
    entry_id text collate "C" primary key,
    at       text collate "C" not null,
    actor    text collate "C" not null,
    role     text collate "C",
    address  text collate "C",
    action   text collate "C" not null,
    object   text collate "C" not null,
    outcome  text collate "C" not null check (outcome in ('done', 'refused', 'failed')),
    detail   text collate "C" not null check (detail::json is not null)
);

create index audit_of_actor on audit_entry (actor, entry_id);
create index audit_of_action on audit_entry (action, entry_id);
create index audit_at on audit_entry (at);

-- Rows are only added.
create function refuse_change() returns trigger language plpgsql as
    $$ begin raise exception 'rows of % are only added', tg_table_name; end $$;

create trigger audit_entry_no_change before update or delete on audit_entry
    for each row execute function refuse_change();
