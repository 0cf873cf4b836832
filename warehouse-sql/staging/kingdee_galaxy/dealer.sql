-- name: staging.kingdee_galaxy__dealer
-- kind: table
-- grain: system, source_id
-- 客户 BD_Customer
-- Which of province, city and area is filled differs by tenant, so all three are read.
-- columns:
--   system: the configured system
--   source_id: the row's key in that system
--   source_changed_at: when the system last changed it
--   landed_at: when this version was read
--   attributes: custom fields as JSON
--   is_deleted: the row vanished from its system
--   deleted_at: when that was noticed
--   dealer_code: customer number
--   master_id: the same for one master allotted to several organisations
--   org_code: using organisation
--   name: name
--   level: not a standard field
--   parent_dealer_code: not a standard field
--   address: province and city where they are fields (else the area), then the address text
--   region_code: Kingdee has no official region code; the address is resolved
--   channel: customer group
--   status: active, disabled or draft
select
    _system as system,
    _key as source_id,
    _changed_at as source_changed_at,
    _landed_at as landed_at,
    cast(null as varchar) as attributes,
    _op = 'delete' as is_deleted,
    case when _op = 'delete' then _landed_at end as deleted_at,
    nullif(trim("FNumber"), '') as dealer_code,
    cast(nullif("FMASTERID", 0) as varchar) as master_id,
    nullif(trim("FUseOrgId__FNumber"), '') as org_code,
    nullif(trim("FName"), '') as name,
    cast(null as varchar) as level,
    cast(null as varchar) as parent_dealer_code,
    nullif(concat(
        coalesce(trim("FPROVINCE__FDataValue"), ''),
        case when trim("FCITY__FDataValue") <> trim("FPROVINCE__FDataValue") then trim("FCITY__FDataValue") else '' end,
        case
            when nullif(trim("FPROVINCE__FDataValue"), '') is null then coalesce(trim("FPROVINCIAL__FDataValue"), '')
            else ''
        end,
        coalesce(trim("FAddress"), '')
    ), '') as address,
    cast(null as varchar) as region_code,
    nullif(trim("FGroup__FName"), '') as channel,
    case when "FForbidStatus" = 'B' then 'disabled' when "FDocumentStatus" = 'C' then 'active' else 'draft' end as status
from current.kingdee_galaxy__dealer
