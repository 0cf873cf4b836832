-- Inspections in force of batches and lots.
select distinct subject, batch_no, lot_no, stage, result, inspector, report_ref, inspected_at
from core.inspection
where not is_deleted and status in ('approved', 'closed')
order by inspected_at, subject, stage, report_ref
