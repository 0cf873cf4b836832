-- name: staging.yonyou_bip__dealer
-- kind: table
-- grain: system, source_id
-- 客户 merchant/newlist V2
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   dealer_code: customer code
--   master_id: the same for one master allotted to several organisations
--   org_code: creating organisation
--   name: name
--   level: not a standard field
--   parent_dealer_code: not a standard field
--   address: in the detail reply only
--   region_code: in the detail reply only
--   channel: customer class
--   status: active or disabled
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("code"), '') as dealer_code,
    cast("id" as varchar) as master_id,
    nullif(trim("createOrgCode"), '') as org_code,
    nullif(trim("name"), '') as name,
    cast(null as varchar) as level,
    cast(null as varchar) as parent_dealer_code,
    cast(null as varchar) as address,
    cast(null as varchar) as region_code,
    nullif(trim("customerClassCode"), '') as channel,
    case when "stopStatus" then 'disabled' else 'active' end as status
from current.yonyou_bip__dealer
