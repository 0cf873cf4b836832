import { expect, test } from 'vitest'
import { queryText } from '@/api/request'
import { baseQuery, exportQuery, readQuestion, SALES_WORDS, shownLevel } from './question'

const read = (words: Partial<typeof SALES_WORDS>) => readQuestion({ ...SALES_WORDS, ...words }, '2026-11-28')

test('the address alone makes the question', () => {
  const question = read({ region: '430000', dealer_code: 'D1', grain: 'total', from: '2026-01-01', to: '2026-01-31' })
  expect(queryText(baseQuery(question, shownLevel(question.region)))).toBe(
    '?level=city&grain=total&from=2026-01-01&to=2026-01-31&regions=then&by=dealer_code&dealer_code=D1',
  )
})

test('the file of a province holds its places only', () => {
  const question = read({ region: '430000' })
  expect(exportQuery(baseQuery(question, 'city'), question.region).region_code).toBe('43*')
  expect(exportQuery(baseQuery(question, 'province'), '').region_code).toBeUndefined()
})

test('what is no code is the country', () => {
  expect(read({ region: "430000' or 1=1" }).region).toBe('')
})
