import { expect, it } from 'vitest'
import { dealerLines, monthsOf, type DealerMonth } from './dealers'

const row = (dealer_code: string, month: string, off: number, rate_lower: string, alerts = 0): DealerMonth =>
  ({ dealer_code, month, located: 100, off_territory: off, rate: off / 100, rate_lower, alerts, destinations: 1 })

it('is a line for each dealer, alerts first, with its worst month', () => {
  const rows = [row('D1', '2026-02', 2, '0.005'), row('D2', '2026-01', 9, '0.04'), row('D1', '2026-03', 30, '0.21', 1), row('D1', '2026-01', 1, '0.001')]
  const lines = dealerLines(rows)
  expect(lines.map((l) => [l.dealer, l.offTerritory, l.located, l.alerts, l.worst.month])).toEqual([
    ['D1', 33, 300, 1, '2026-03'],
    ['D2', 9, 100, 0, '2026-01'],
  ])
  expect(lines[0]!.months.get('2026-02')?.off_territory).toBe(2)
  expect(monthsOf(rows)).toEqual(['2026-01', '2026-02', '2026-03'])
})
