import { expect, test } from 'vitest'
import { chainOf, levelBelow, levelOf, liesIn, prefixOf } from './regions'

test('levels follow the code', () => {
  expect(['430000', '430100', '430121'].map(levelOf)).toEqual(['province', 'city', 'county'])
})

test('a municipality is looked into by county, a city without counties not at all', () => {
  expect(levelBelow('')).toBe('province')
  expect(levelBelow('430000')).toBe('city')
  expect(levelBelow('110000')).toBe('county')
  expect(levelBelow('430100')).toBe('county')
  expect(levelBelow('441900')).toBeNull()
  expect(levelBelow('710000')).toBeNull()
  expect(levelBelow('430121')).toBeNull()
})

test('the chain leaves out levels that are not there', () => {
  expect(chainOf('430121')).toEqual(['', '430000', '430100', '430121'])
  expect(chainOf('110101')).toEqual(['', '110000', '110101'])
  expect(chainOf('429004')).toEqual(['', '420000', '429004'])
  expect(chainOf('430100')).toEqual(['', '430000', '430100'])
  expect(chainOf('')).toEqual([''])
})

test('codes of parts begin with the code of the whole', () => {
  expect(prefixOf('430000')).toBe('43')
  expect(prefixOf('430100')).toBe('4301')
  expect(liesIn('430121', '430100')).toBe(true)
  expect(liesIn('431002', '430100')).toBe(false)
  expect(liesIn('431002', '')).toBe(true)
})
