import { expect, test } from 'vitest'
import { isReachable, placeWithin, startPlace } from './scope'

test('who sees everything starts at the country', () => {
  expect(startPlace([])).toBe('')
  expect(placeWithin('', [])).toBe('')
  expect(placeWithin('430121', [])).toBe('430121')
})

test('one region is where its manager starts, of a county its city', () => {
  expect(startPlace(['430000'])).toBe('430000')
  expect(startPlace(['430100'])).toBe('430100')
  expect(startPlace(['430121'])).toBe('430100')
  expect(startPlace(['430121', '430121'])).toBe('430100')
})

test('a county without a city of its own starts at the municipality, or at itself where the province rules it', () => {
  expect(startPlace(['110101'])).toBe('110000')
  expect(startPlace(['429004'])).toBe('429004')
  expect(startPlace(['441900'])).toBe('441900')
})

test('several regions start at the smallest place that holds them all', () => {
  expect(startPlace(['430100', '430200'])).toBe('430000')
  expect(startPlace(['430121', '430122'])).toBe('430100')
  expect(startPlace(['430121', '430281'])).toBe('430000')
  expect(startPlace(['430000', '430121'])).toBe('430000')
  expect(startPlace(['110101', '110102'])).toBe('110000')
  expect(startPlace(['429004', '429005'])).toBe('420000')
  expect(startPlace(['430000', '440000'])).toBe('')
})

test('an address in the scope holds, any other leads to the start', () => {
  expect(placeWithin('430121', ['430000'])).toBe('430121')
  expect(placeWithin('', ['430000'])).toBe('430000')
  expect(placeWithin('440100', ['430000'])).toBe('430000')
  expect(placeWithin('440100', ['430000', '440000'])).toBe('440100')
  expect(placeWithin('450000', ['430000', '440000'])).toBe('')
})

test('places between the start and a region lead on, those beside them do not', () => {
  const counties = ['430121', '430281']
  expect(['430000', '430100', '430200', '430121'].map((place) => isReachable(place, counties))).toEqual([true, true, true, true])
  expect(['', '430300', '430122', '440000'].map((place) => isReachable(place, counties))).toEqual([false, false, false, false])
})
