import { expect, it } from 'vitest'
import { sorted } from './sorted'

const columns = [{ name: 'n', kind: 'number' as const }]
const rows = [{ n: '10' }, { n: null }, { n: '9' }]

it('sorts figures as figures, missing ones last', () => {
  expect(sorted(rows, 'n', columns)).toEqual([{ n: '9' }, { n: '10' }, { n: null }])
  expect(sorted(rows, '-n', columns)).toEqual([{ n: '10' }, { n: '9' }, { n: null }])
})

it('leaves the order alone without a wish it knows', () => {
  expect(sorted(rows, '', columns)).toEqual(rows)
  expect(sorted(rows, '-other', columns)).toEqual(rows)
})
