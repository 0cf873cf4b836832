import { expect, test } from 'vitest'
import { holdersOf } from './territory'
import type { Territory } from './useTerritories'

const rule = (dealer_code: string, region_code: string): Territory => ({
  dealer_code, dealer_name: null, product_code: null, category: null, channel: null, region_code, region_name: null, valid_from: null, valid_to: null,
})

test('a rule holds for everything within its region', () => {
  const rules = [rule('D1', '430000'), rule('D2', '430100'), rule('D3', '440000')]
  expect(holdersOf(rules, '430121')).toEqual({ whole: ['D1', 'D2'], part: [] })
  expect(holdersOf(rules, '430000')).toEqual({ whole: ['D1'], part: ['D2'] })
  expect(holdersOf(rules, '450000')).toEqual({ whole: [], part: [] })
})
