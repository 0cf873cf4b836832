import { expect, test } from 'vitest'
import { figures, missed, percentile, table } from './figures.mjs'

test('a percentile is a value that was measured', () => {
  const values = Array.from({ length: 20 }, (_, at) => 20 - at)
  expect([50, 95, 100].map((percent) => percentile(values, percent))).toEqual([10, 19, 20])
  expect(percentile([7], 95)).toBe(7)
})

test('a limit is missed at its value, and when nothing was measured', () => {
  const limits = { drill: 200, paint: 1000, other: 5 }
  const { note, lines } = figures(limits)
  note('drill', 200)
  note('paint', 999)
  note('free', 9999)
  expect(missed(lines(), limits)).toEqual(['drill', 'other'])
  expect(table(lines()).split('\n')).toHaveLength(4)
})
