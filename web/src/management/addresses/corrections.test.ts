import { expect, test } from 'vitest'
import { faultOfPattern, patternOf } from './corrections'

test('a pattern begins as the address itself', () => {
  const address = '长沙(高新区)麓谷路 1.5 号'
  expect(faultOfPattern(patternOf(address), address)).toBeNull()
  expect(faultOfPattern(patternOf(address), '长沙高新区麓谷路 1x5 号')).toEqual({ kind: 'misses' })
})

test('what is no pattern says why', () => {
  expect(faultOfPattern('(长沙', '长沙')?.kind).toBe('bad')
})
