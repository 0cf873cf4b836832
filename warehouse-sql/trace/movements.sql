-- Everything that happened to the unit, on its own code or on what contained it then.
-- parameters: code text
select
    u.event_id,
    u.event_type,
    u.event_time,
    e.from_party,
    e.to_party,
    coalesce(e.delivery_no, e.order_no, e.work_order_no) as document,
    u.depth > 0 as inferred,
    u.via_code,
    e.parent_code,
    e.delivery_no,
    e.order_no,
    e.store_code,
    e.warehouse_code,
    e.device_id,
    coalesce(s.is_voided, false) as is_voided
from core.unit_event as u
join core.scan_event as e on e.event_id = u.event_id and e.content_hash = u.content_hash
left join core.shipment as s
    on s.code = u.code and s.bucket = u.bucket and s.event_id = u.event_id and s.event_type = u.event_type
    and s.event_time = u.event_time
where u.code = cast($code as varchar) and u.bucket = bucket(cast($code as varchar))
order by u.event_time, type_precedence(u.event_type), u.event_id
