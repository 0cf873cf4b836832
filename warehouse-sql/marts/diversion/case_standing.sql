-- name: marts.case_standing
-- kind: view
-- grain: dealer_code, product_code?, destination_region, month
-- What stands of what was decided about a diversion case. The last of under_review, confirmed and dismissed is its
-- decision; at one instant dismissed stands before confirmed and confirmed before under_review. An appeal is open until
-- a decision follows it.
-- columns:
--   dealer_code: the dealer
--   product_code: the product
--   destination_region: destination under today's codes
--   month: business month
--   decision: under_review, confirmed or dismissed; empty: none yet
--   decided_by: who
--   decided_at: when
--   decided_hash: the case_hash that was before them
--   decision_note: their reason
--   appeal: open or decided; empty: the dealer said nothing
--   appealed_at: when the dealer last did
--   appeal_note: what the dealer said
with named as (
    select
        *,
        region_today(destination_region) as destination,
        -- One text: the planner loses the order of a window by several columns of which a question fixes some.
        concat(
            coalesce(dealer_code, ''),
            '/',
            coalesce(product_code, ''),
            '/',
            coalesce(region_today(destination_region), ''),
            '/',
            coalesce(month, ''),
            '/',
            case when decision = 'appealed' then 'appeal' else 'decision' end
        ) as answered
    from core.case_decision
    where not is_deleted and decision in ('under_review', 'confirmed', 'dismissed', 'appealed')
),
ranked as (
    select
        *,
        row_number() over (
            partition by answered
            order by
                decided_at desc,
                case decision when 'dismissed' then 0 when 'confirmed' then 1 else 2 end,
                system,
                source_id
        ) as place
    from named
),
last as (
    select
        dealer_code,
        product_code,
        destination,
        month,
        max(case when decision <> 'appealed' then decision end) as decision,
        max(case when decision <> 'appealed' then decided_by end) as decided_by,
        max(case when decision <> 'appealed' then decided_at end) as decided_at,
        max(case when decision <> 'appealed' then case_hash end) as decided_hash,
        max(case when decision <> 'appealed' then note end) as decision_note,
        max(case when decision = 'appealed' then decided_at end) as appealed_at,
        max(case when decision = 'appealed' then note end) as appeal_note
    from ranked
    where place = 1
    group by dealer_code, product_code, destination, month
)
select
    dealer_code,
    product_code,
    destination as destination_region,
    month,
    decision,
    decided_by,
    decided_at,
    decided_hash,
    decision_note,
    case
        when appealed_at is null then null
        when decided_at > appealed_at then 'decided'
        else 'open'
    end as appeal,
    appealed_at,
    appeal_note
from last
