-- What each stream's object looked like in its system: when someone accepted it, and when it was last seen.
create table stream_shape (
    system      text not null,
    stream      text not null,
    accepted    text not null check (json_valid(accepted)),
    accepted_at text not null,            -- RFC 3339, UTC, like every time here
    seen        text not null check (json_valid(seen)),
    seen_at     text not null,
    primary key (system, stream)
) strict;
