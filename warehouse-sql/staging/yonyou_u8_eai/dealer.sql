-- name: staging.yonyou_u8_eai__dealer
-- kind: table
-- grain: system, source_id
-- 客户档案 customer over U8 EAI
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   dealer_code: customer code
--   master_id: U8 has one company per account
--   org_code: U8 has one company per account
--   name: name
--   level: not a standard field
--   parent_dealer_code: not a standard field
--   address: address
--   region_code: U8 has no official region code; the address is resolved
--   channel: code of the customer class
--   status: active or disabled: an end date is set
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as dealer_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    nullif(trim("name"), '') as name,
    cast(null as varchar) as level,
    cast(null as varchar) as parent_dealer_code,
    nullif(trim("address"), '') as address,
    cast(null as varchar) as region_code,
    nullif(trim("sort_code"), '') as channel,
    case when "end_date" is not null then 'disabled' else 'active' end as status
from current.yonyou_u8_eai__dealer
