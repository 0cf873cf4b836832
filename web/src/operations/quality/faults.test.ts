import { expect, it } from 'vitest'
import { causeTotals, faultSplits, type FaultRow } from './faults'

const row = (fault: string, cause: string, events: number): FaultRow =>
  ({ day: '2026-01-01', node: 'ship', device_id: null, operator: null, team: null, cause, fault, events, documents: 0, example: null })

const rows = [row('late', 'unclear', 3), row('late', 'device', 4), row('placeholder', 'process', 9), row('late', 'person', 1), row('late', 'new', 1)]

it('splits each fault by cause, most frequent first', () => {
  expect(faultSplits(rows)).toEqual([
    { fault: 'late', events: 9, causes: { device: 4, process: 0, person: 1, unclear: 4 } },
    { fault: 'placeholder', events: 9, causes: { device: 0, process: 9, person: 0, unclear: 0 } },
  ])
})

it('adds up to the same total', () => {
  expect(causeTotals(rows)).toEqual({ device: 4, process: 9, person: 1, unclear: 4 })
})
