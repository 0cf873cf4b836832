-- name: core.code_alias
-- kind: table
-- partition: piece = bucket(alias)
-- touched: select bucket(alias) as piece, alias from (select unnest(aliases) as alias from changed.core__scan_event where event_type = 'commission' union select unnest(codes) as alias from changed.core__scan_event where event_type = 'commission') where alias is not null
-- grain: alias
-- Other carriers of a unit (RFID, inner cap), from its commission. The earliest commission that names a
-- carrier decides; a code that was commissioned itself is nobody's alias.
-- columns:
--   piece: piece, by the other carrier
--   alias: the other carrier
--   code: the unit
--   event_id: the commission
with declared as (
    select event_id, content_hash, event_time, codes[1] as code, unnest(aliases) as alias
    from core.scan_event
    where event_type = 'commission' and not is_voided and array_length(codes) = 1 and array_length(aliases) > 0
),
candidate as (
    select d.*
    from declared as d
    left join rules.placeholder as p on normalize_code(p.code) = d.alias
    where d.alias is not null and d.alias <> d.code and btrim(d.alias, '0') <> '' and p.code is null
),
commissioned as (
    select distinct u.code
    from (
        select unnest(codes) as code
        from core.scan_event
        where event_type = 'commission' and not is_voided
    ) as u
    left semi join candidate as c on c.alias = u.code
),
ranked as (
    select
        c.alias,
        c.code,
        c.event_id,
        row_number() over (
            partition by c.alias
            order by c.event_time nulls last, c.event_id, c.content_hash
        ) as place
    from candidate as c
    left anti join commissioned as k on k.code = c.alias
)
select bucket(alias) as piece, alias, code, event_id from ranked where place = 1
