import { expect, test } from 'vitest'
import { LIGHT, quantileScale } from './scale'

test('one giant does not wash out the rest', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1_000_000]
  const scale = quantileScale(values, LIGHT)
  expect(scale.classes.map(({ count }) => count)).toEqual([2, 2, 2, 2, 2, 2])
  expect(new Set([1, 5, 9].map((value) => scale.colourOf(value))).size).toBe(3)
})

test('zero is not "no data"', () => {
  const scale = quantileScale([0, null, undefined, 5], LIGHT)
  expect(scale.colourOf(0)).toBe(LIGHT.zero)
  expect(scale.colourOf(null)).toBe(LIGHT.missing)
  expect([scale.zeroCount, scale.missingCount]).toEqual([1, 2])
})

test('equal values have one colour', () => {
  const scale = quantileScale([3, 3, 3, 3, 3, 3, 3, 9], LIGHT)
  expect(scale.classes.map(({ from, to }) => [from, to])).toEqual([[3, 3], [9, 9]])
  expect(scale.colourOf(9)).toBe(LIGHT.steps.at(-1))
})

test('every value has the colour of the class that holds it, and classes account for all', () => {
  const values = Array.from({ length: 97 }, (_, at) => ((at * 7919) % 541) ** 2)
  const scale = quantileScale(values, LIGHT)
  for (const value of values.filter((each) => each > 0)) {
    const holder = scale.classes.find(({ from, to }) => value >= from && value <= to)
    expect(scale.colourOf(value)).toBe(holder?.colour)
  }
  expect(scale.classes.reduce((sum, { count }) => sum + count, 0) + scale.zeroCount).toBe(values.length)
})

test('nothing known draws nothing', () => {
  expect(quantileScale([], LIGHT).classes).toEqual([])
})
