-- What each stream's object looked like in its system: when someone accepted it, and when it was last seen.
create table stream_shape (
    system      text collate "C" not null,
    stream      text collate "C" not null,
    accepted    text not null check (accepted::json is not null),
    accepted_at text not null,            -- RFC 3339, UTC, like every time here
    seen        text not null check (seen::json is not null),
    seen_at     text not null,
    primary key (system, stream)
);
