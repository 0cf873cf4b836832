-- Every sell by a promoter with its verdict, the check that decided, and what it pays.
-- `store_received` and `store_claims` stand where a store claims more than it received.
-- `decision` is what people recorded about a hold, released or confirmed; it changes no verdict and no amount.
-- title: Promoter claims
-- title_zh: 促销员核销明细
-- dimensions: event_id, promoter_code, store_code, code, claimed_at
-- parameters: from date, to date
select
    c.event_id,
    c.promoter_code,
    c.store_code,
    c.code,
    c.claimed_at,
    c.product_code,
    c.verdict,
    c.reason,
    c.decided_by_event,
    c.rule_version,
    c.is_retry,
    c.amount,
    c.returned_at,
    c.hold_ends_at,
    c.dealer_code,
    c.device_id,
    c.order_no,
    c.distance_m,
    c.accuracy_m,
    c.store_received,
    c.store_claims,
    coalesce(u.decision, e.decision) as decision,
    case when u.decision is not null then u.decided_by else e.decided_by end as decided_by,
    case when u.decision is not null then u.decided_at else e.decided_at end as decided_at,
    case when u.decision is not null then u.decision_note else e.decision_note end as decision_note
from marts.promoter_claims as c
left join (select * from marts.claim_standing where code is not null) as u on u.event_id = c.event_id and u.code = c.code
left join (select * from marts.claim_standing where code is null) as e on e.event_id = c.event_id
where
    -- Against the instants themselves, so that claims of other days are not read.
    (cast($from as date) is null or c.claimed_at >= business_midnight(cast($from as date)))
    and (
        cast($to as date) is null
        or c.claimed_at < business_midnight(cast(cast($to as date) + interval '1 day' as date))
    )
