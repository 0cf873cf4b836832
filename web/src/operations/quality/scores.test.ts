import { expect, it } from 'vitest'
import { scoreLines, type ScoreRow } from './scores'

const row = (dealer_code: string, month: string, score: string | null): ScoreRow =>
  ({ dealer_code, month, shipped: 10, expected: 10, received: 9, completeness: 0.9, timeliness: 1, accuracy: 1, score })

it('goes by the latest month that has a score, the lowest first', () => {
  const lines = scoreLines([row('D1', '2026-01', '0.2'), row('D1', '2026-02', '0.9'), row('D1', '2026-03', null), row('D2', '2026-02', '0.5'), row('D3', '2026-01', null)])
  expect(lines.map((l) => [l.dealer, l.latest.month, l.latest.score])).toEqual([['D2', '2026-02', '0.5'], ['D1', '2026-02', '0.9'], ['D3', '2026-01', null]])
  expect(lines[1]).toMatchObject({ expected: 30, received: 27 })
})
