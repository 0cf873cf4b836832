-- name: core.master_code
-- kind: table
-- grain: entity, system, source_id
-- The code under which a master is known, for every row an organisation has of it.
-- One master allotted to several organisations keeps one code. Where two masters share a number, the
-- one in the system's default organisation keeps it bare and the other gets `@ORG` appended.
-- columns:
--   entity: product, dealer, supplier or warehouse
--   system: the configured system
--   source_id: the row's key in that system
--   number: the number in that system
--   org_code: organisation of the row; empty where the system has none
--   code: the code used everywhere in core
--   is_chosen: this row stands for the master
--   is_referred: documents of this organisation that give this number mean this row
with master as (
    select 'product' as entity, system, source_id, product_code as number, org_code, master_id, is_deleted
    from staging.all__product
    union all
    select 'dealer' as entity, system, source_id, dealer_code as number, org_code, master_id, is_deleted
    from staging.all__dealer
    union all
    select 'supplier' as entity, system, source_id, supplier_code as number, org_code, master_id, is_deleted
    from staging.all__supplier
    union all
    select 'warehouse' as entity, system, source_id, warehouse_code as number, org_code, master_id, is_deleted
    from staging.all__warehouse
),
placed as (
    select
        m.entity,
        m.system,
        m.source_id,
        m.number,
        coalesce(m.org_code, '') as org_code,
        coalesce(m.master_id, '') as master_id,
        m.is_deleted,
        coalesce(m.org_code = s.default_organisation, false) as is_home
    from master as m
    left join reference.system as s on s.system = m.system
    where m.number is not null
),
standing as (
    select
        entity,
        system,
        number,
        master_id,
        bool_and(is_deleted) as is_gone,
        bool_or(is_home) as has_home,
        min(org_code) as first_org
    from placed
    group by entity, system, number, master_id
),
named as (
    select
        entity,
        system,
        number,
        master_id,
        first_org,
        is_gone,
        row_number() over (
            partition by entity, system, number
            order by is_gone, has_home desc, first_org, master_id
        ) as place
    from standing
),
coded as (
    select
        p.entity,
        p.system,
        p.source_id,
        p.number,
        p.org_code,
        p.is_deleted,
        p.is_home,
        n.place,
        -- A master that is gone everywhere leaves its number to the one that replaced it.
        case when n.place = 1 or n.is_gone then p.number else concat(p.number, '@', n.first_org) end as code
    from placed as p
    join named as n
        on n.entity = p.entity and n.system = p.system and n.number = p.number and n.master_id = p.master_id
)
select
    entity,
    system,
    source_id,
    number,
    org_code,
    code,
    row_number() over (
        partition by entity, system, code
        order by is_deleted, place, is_home desc, org_code, source_id
    ) = 1 as is_chosen,
    row_number() over (
        partition by entity, system, number, org_code
        order by is_deleted, place, source_id
    ) = 1 as is_referred
from coded
