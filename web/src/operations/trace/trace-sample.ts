/** A trace for tests: an item of two semi-finished steps, shipped, voided, shipped again, transferred. Invented. */
import type { Trace, TracedMovement } from './trace'

function move(event_id: string, event_type: string, event_time: string | null, over: Partial<TracedMovement> = {}): TracedMovement {
  return {
    event_id, event_type, event_time, from_party: null, to_party: null, document: null, inferred: false, via_code: 'A1',
    parent_code: null, delivery_no: null, order_no: null, store_code: null, warehouse_code: null, device_id: null,
    is_voided: false, ...over,
  }
}

/** The sample. */
export function traceSample(): Trace {
  return {
    code: 'A1', printed_code: 'a1', level: 'item', status: 'sold',
    product: { product_code: 'P1', name: '乌龙茶', spec: '500ml', category: '饮料' },
    production: {
      work_order_no: 'MO1', batch_no: 'B1', factory: '100', workshop: 'W', line: 'L04', team: '乙班', operator: null,
      commissioned_at: '2026-01-06T08:00:00+08:00',
    },
    siblings: { items: 479, cases: 32 },
    materials: [
      { material_code: 'M1', lot_no: 'R1', supplier_code: 'V1', qty: '2', work_order_no: 'MO1', depth: 1, evidence: 'erp' },
      { material_code: 'SEMI', lot_no: 'S1', supplier_code: null, qty: '2', work_order_no: 'MO1', depth: 1, evidence: 'scan' },
      { material_code: 'M2', lot_no: 'R2', supplier_code: 'V2', qty: '18.24', work_order_no: 'MO0', depth: 2, evidence: 'erp' },
    ],
    inspections: [
      { subject: 'M1', batch_no: null, lot_no: 'R1', stage: 'incoming', result: 'fail', inspector: null, report_ref: null, inspected_at: '2026-01-01T00:00:00+08:00' },
      { subject: 'M1', batch_no: null, lot_no: 'R1', stage: 'incoming', result: 'pass', inspector: null, report_ref: null, inspected_at: '2026-01-02T00:00:00+08:00' },
      { subject: 'P1', batch_no: 'B1', lot_no: null, stage: 'final', result: 'pass', inspector: null, report_ref: null, inspected_at: '2026-01-06T00:00:00+08:00' },
    ],
    containment: [
      { parent_code: 'C1', from: '2026-01-06T08:10:00+08:00', to: null, depth: 1 },
      { parent_code: 'P9', from: '2026-01-06T08:20:00+08:00', to: '2026-01-09T05:00:00+08:00', depth: 2 },
    ],
    movements: [
      move('E1', 'commission', '2026-01-06T08:00:00+08:00'),
      move('E2', 'ship', '2026-01-08T08:00:00+08:00', { via_code: 'P9', inferred: true, delivery_no: 'DN1', to_party: 'D1', is_voided: true }),
      move('E3', 'void_ship', '2026-01-08T09:00:00+08:00', { via_code: 'P9', inferred: true, delivery_no: 'DN1' }),
      move('E4', 'ship', '2026-01-09T08:00:00+08:00', { via_code: 'C1', inferred: true, delivery_no: 'DN2', to_party: 'D2' }),
      move('E5', 'transfer', '2026-01-12T08:00:00+08:00', { via_code: 'C1', inferred: true, from_party: 'D2', to_party: 'D3' }),
      move('E6', 'verify', '2026-01-20T08:00:00+08:00'),
      move('E7', 'sell', null),
    ],
    custody: [
      { dealer_code: 'D1', from: '2026-01-08T08:00:00+08:00', to: '2026-01-08T09:00:00+08:00', evidence: 'inferred', since: null, channel: null, start_event_id: 'E2', delivery_no: 'DN1', order_no: null },
      { dealer_code: 'D2', from: '2026-01-09T08:00:00+08:00', to: '2026-01-12T08:00:00+08:00', evidence: 'inferred', since: null, channel: null, start_event_id: 'E4', delivery_no: 'DN2', order_no: null },
      { dealer_code: 'D3', from: '2026-01-12T08:00:00+08:00', to: null, evidence: 'inferred', since: null, channel: null, start_event_id: 'E5', delivery_no: 'DN2', order_no: null },
    ],
    sightings: [
      { event_id: 'E6', event_type: 'verify', sighted_at: '2026-01-20T08:00:00+08:00', region_code: '152201', location_source: 'gps', dealer_code: 'D3', verdict: 'off_territory', exempt_reason: null },
    ],
    dwell: [{ from_node: 'commission', to_node: 'ship', hours: 72 }],
    is_truncated: false,
  }
}
