import { expect, test } from 'vitest'
import { addedBy, placeQuery } from './useTrend'
import { readQuestion, SALES_WORDS } from './question'

test('rows of one dealer are one row, amounts to the cent', () => {
  const rows = addedBy(
    [
      { dealer_code: 'D1', ordered_amount: '0.10', sold_qty: 1 },
      { dealer_code: 'D2', ordered_amount: '5', sold_qty: 2 },
      { dealer_code: 'D1', ordered_amount: '0.20', sold_qty: 3 },
      { dealer_code: null, ordered_amount: null, sold_qty: 4 },
    ],
    'dealer_code',
  )
  expect(rows.map((row) => [row.dealer_code, row.ordered_amount, row.sold_qty])).toEqual([
    ['D1', '0.3', '4'], ['D2', '5', '2'], ['', '0', '4'],
  ])
})

test('the place looked at narrows every other report', () => {
  const question = readQuestion({ ...SALES_WORDS, region: '430100' }, '2026-11-28')
  expect(placeQuery(question, ['dealer_code'])).toMatchObject({ level: 'city', region_code: '430100', by: ['dealer_code'] })
})
