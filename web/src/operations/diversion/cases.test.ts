import { describe, expect, it } from 'vitest'
import { casePath, exemptionsOf, narrowed, placeOf, queueCounts, workOrder, type CaseRow } from './cases'

function row(over: Partial<CaseRow>): CaseRow {
  return {
    dealer_code: 'C1', product_code: '01.01', destination_region: '140302', month: '2026-03', dealer_name: '宜宾鸿运', located: 169,
    off_territory: 54, rate: 0.32, rate_lower: '0.25', packages: 9, shipments: 1, devices: 13, exempted: 2, exempted_staff_device: 2, grade: 'A',
    alert: true, rule_version: 'r', decision: null, decided_by: null, decided_at: null, decision_note: null, appeal: null, is_changed: null, ...over,
  }
}

const alert = row({})
const decided = row({ dealer_code: 'C2', decision: 'confirmed', appeal: 'open', is_changed: true, rate_lower: 0.9 })
const quiet = row({ dealer_code: 'C3', alert: false, grade: 'D', destination_region: '330000' })
const none = { queue: 'all', grade: '', decision: '', text: '', destination: '' }

describe('the diversion desk', () => {
  it('counts what waits', () => {
    expect(queueCounts([alert, decided, quiet])).toEqual({ alerts: 2, undecided: 1, appeals: 1, changed: 1, all: 3 })
  })
  it('narrows by queue, decision, place and any name', () => {
    const rows = [alert, decided, quiet]
    expect(narrowed(rows, { ...none, queue: 'undecided' })).toEqual([alert])
    expect(narrowed(rows, { ...none, decision: 'none', grade: 'D' })).toEqual([quiet])
    expect(narrowed(rows, { ...none, destination: '140000' })).toEqual([alert, decided])
    expect(narrowed(rows, { ...none, destination: '330000' })).toEqual([quiet])
    expect(narrowed(rows, { ...none, text: ' c2 ' })).toEqual([decided])
    expect(narrowed(rows, { ...none, text: '鸿运' })).toHaveLength(3)
  })
  it('puts first what is to be worked on first', () => {
    expect([quiet, alert, decided].sort(workOrder)).toEqual([decided, alert, quiet])
  })
  it('names every reason for an exemption', () => {
    expect(exemptionsOf(alert).map((e) => e.count)).toEqual([0, 0, 2, 0, 0])
  })
  it('names the place before what it lies in', () => {
    expect(placeOf(row({ destination_name: '山西省 阳泉市 城区' }))).toEqual({ name: '阳泉市 城区', within: '山西省 140302' })
    expect(placeOf(row({ destination_name: '江苏省', destination_region: '320000' }))).toEqual({ name: '江苏省', within: '320000' })
    expect(placeOf(row({ destination_name: null }))).toEqual({ name: '140302', within: '' })
  })
  it('leads to a page even if a code has a slash', () => {
    expect(casePath(row({ product_code: 'a/b' }))).toBe('C1/a%2Fb/140302/2026-03')
  })
})
