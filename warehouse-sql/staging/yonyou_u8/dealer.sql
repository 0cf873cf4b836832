-- name: staging.yonyou_u8__dealer
-- kind: table
-- expires: select min("dEndDate") from current.yonyou_u8__dealer where "dEndDate" > as_of()
-- grain: system, source_id
-- 客户 Customer, of the latest database
-- The district (地区分类) is put before an address that does not begin with it.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: empty: changes are told by a counter, not by time
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   dealer_code: customer code
--   master_id: none: a master stands once
--   org_code: none: an account set is one company
--   name: name, else the short one
--   level: not a standard field
--   parent_dealer_code: not a standard field
--   address: district, then the address text
--   region_code: U8 has no official region code; the address is resolved
--   channel: code of the customer class
--   status: active or disabled
select
    m._system as system,
    m._key as source_id,
    m._changed_at as source_changed_at,
    m._landed_at as landed_at,
    cast(null as varchar) as attributes,
    m._op = 'delete' as is_deleted,
    case when m._op = 'delete' then m._landed_at end as deleted_at,
    nullif(trim(m."cCusCode"), '') as dealer_code,
    cast(null as varchar) as master_id,
    cast(null as varchar) as org_code,
    coalesce(nullif(trim(m."cCusName"), ''), nullif(trim(m."cCusAbbName"), '')) as name,
    cast(null as varchar) as level,
    cast(null as varchar) as parent_dealer_code,
    nullif(concat(
        case
            when starts_with(coalesce(trim(m."cCusAddress"), ''), coalesce(trim(r."cDCName"), '')) then ''
            else trim(r."cDCName")
        end,
        coalesce(trim(m."cCusAddress"), '')
    ), '') as address,
    cast(null as varchar) as region_code,
    nullif(trim(m."cCCCode"), '') as channel,
    case when m."dEndDate" <= as_of() then 'disabled' else 'active' end as status
from current.yonyou_u8__dealer as m
left join current.yonyou_u8__district as r
    on r._system = m._system and r."cDCCode" = m."cDCCode"
