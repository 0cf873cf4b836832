import { describe, expect, it } from 'vitest'
import { chainOf, shipmentsOf, type EvidenceRow } from './evidence'

function row(over: Partial<EvidenceRow>): EvidenceRow {
  return {
    event_id: 'E1', code: 'A1', verdict: 'off_territory', exempt_reason: null, event_type: 'verify',
    sighted_at: '2026-03-18T09:00:00+08:00', region_code: '140302', region_level: 'county',
    location_source: 'gps', store_code: null, is_known_store: false, device: 'e39a', level: 'item',
    channel: 'distribution', custody_since: null, case_code: 'C1', package_code: 'P1', ship_event_id: 'S1',
    ship_via_code: 'P1', is_ship_inferred: true, shipped_at: '2026-02-22T17:21:04+08:00', delivery_no: 'DN1',
    order_no: 'SO1', warehouse_code: 'CK002', carrier: null, waybill_no: null, evidence_hash: 'h', ...over,
  }
}

describe('shipmentsOf', () => {
  it('groups by shipment, package and case, most seen first', () => {
    const shipments = shipmentsOf([
      row({ code: 'B1', delivery_no: 'DN2', package_code: 'P9', case_code: 'C9' }),
      row({ code: 'A1' }),
      row({ code: 'A2', sighted_at: '2026-03-01T09:00:00+08:00' }),
      row({ code: 'A3', case_code: 'C2', is_ship_inferred: false }),
      row({ code: 'A4', package_code: 'C3', case_code: 'C3' }),
    ])
    expect(shipments.map((s) => [s.deliveryNo, s.sightings, s.verified])).toEqual([['DN1', 4, 1], ['DN2', 1, 0]])
    expect(shipments[0]!.packages.map((p) => [p.packageCode, p.sightings])).toEqual([['P1', 3], ['C3', 1]])
    expect(shipments[0]!.packages[0]!.cases[0]!.sightings.map((s) => s.code)).toEqual(['A2', 'A1'])
  })
  it('keeps shipments without a delivery apart by their event', () => {
    const found = shipmentsOf([row({ delivery_no: null }), row({ delivery_no: null, ship_event_id: 'S2' })])
    expect(found.map((s) => s.key)).toEqual(['S1', 'S2'])
  })
})

describe('chainOf', () => {
  it('says for each link whether it was scanned or follows from what it lay in', () => {
    expect(chainOf(row({})).map((l) => [l.kind, l.code, l.evidence])).toEqual([
      ['item', 'A1', 'verified'],
      ['case', 'C1', 'inferred'],
      ['package', 'P1', 'inferred'],
      ['shipment', 'DN1', 'inferred'],
      ['order', 'SO1', null],
    ])
  })
  it('begins at the case where a case was seen, and names a case that left alone once', () => {
    const links = chainOf(row({ level: 'case', code: 'C1', case_code: 'C1', package_code: 'C1', is_ship_inferred: false }))
    expect(links.map((l) => [l.kind, l.evidence])).toEqual([
      ['case', 'verified'], ['shipment', 'verified'], ['order', null],
    ])
  })
  it('shows what is missing', () => {
    const links = chainOf(row({ order_no: null, delivery_no: null, ship_event_id: null, is_ship_inferred: null }))
    expect(links.slice(-2)).toEqual([
      { kind: 'shipment', code: null, evidence: null },
      { kind: 'order', code: null, evidence: null },
    ])
  })
})
