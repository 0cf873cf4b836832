-- What people decided in the hub. A decision is withdrawn by another one.
create table case_decision (
    decision_id        integer primary key autoincrement,
    dealer_code        text not null,
    product_code       text not null,     -- empty if the case has none
    destination_region text not null,
    month              text not null,
    decided_at         text not null,     -- RFC 3339, UTC, like every time here
    decision           text not null check (decision in ('under_review', 'confirmed', 'dismissed', 'appealed')),
    decided_by         text not null,
    case_hash          text,
    note               text
) strict;

create unique index case_decision_key on case_decision
    (dealer_code, product_code, destination_region, month, decided_at);

create table claim_decision (
    decision_id integer primary key autoincrement,
    event_id    text not null,
    code        text not null,            -- empty: all units of the claim
    decided_at  text not null,
    decision    text not null check (decision in ('released', 'confirmed')),
    decided_by  text not null,
    note        text
) strict;

create unique index claim_decision_key on claim_decision (event_id, code, decided_at);

create table address_correction (
    correction_id integer primary key autoincrement,
    kind          text not null check (kind in ('exact', 'pattern')),
    text          text not null,
    region_code   text not null,
    corrected_by  text not null,
    corrected_at  text not null,
    note          text
) strict;

-- Which files of the configuration were changed, by whom, and what was foretold of it.
create table configuration_change (
    change_id  integer primary key autoincrement,
    plan_id    text not null unique,
    changed_at text not null,
    changed_by text not null,
    files      text not null check (json_valid(files)),   -- path, and SHA-256 before and after
    plan       text not null check (json_valid(plan))
) strict;

-- Rows are only added.
create trigger case_decision_no_update before update on case_decision
    begin select raise(abort, 'rows of case_decision are only added'); end;
create trigger case_decision_no_delete before delete on case_decision
    begin select raise(abort, 'rows of case_decision are only added'); end;
create trigger claim_decision_no_update before update on claim_decision
    begin select raise(abort, 'rows of claim_decision are only added'); end;
create trigger claim_decision_no_delete before delete on claim_decision
    begin select raise(abort, 'rows of claim_decision are only added'); end;
create trigger address_correction_no_update before update on address_correction
    begin select raise(abort, 'rows of address_correction are only added'); end;
create trigger address_correction_no_delete before delete on address_correction
    begin select raise(abort, 'rows of address_correction are only added'); end;
create trigger configuration_change_no_update before update on configuration_change
    begin select raise(abort, 'rows of configuration_change are only added'); end;
create trigger configuration_change_no_delete before delete on configuration_change
    begin select raise(abort, 'rows of configuration_change are only added'); end;
