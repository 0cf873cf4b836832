import { expect, test } from 'vitest'
import { readState, writeState } from './useUrlState'

const defaults = { measure: 'sold_qty', region: '' }

test('what the address does not say is the default', () => {
  expect(readState({}, defaults)).toEqual({ measure: 'sold_qty', region: '' })
  expect(readState({ region: '430000', other: 'x' }, defaults)).toEqual({ measure: 'sold_qty', region: '430000' })
  expect(readState({ region: ['430000', '440000'] }, defaults).region).toBe('430000')
})

test('defaults leave the address, words of others stay', () => {
  expect(writeState({ region: '430000', tab: 'a' }, defaults, { measure: 'shipped_qty' })).toEqual({
    region: '430000',
    tab: 'a',
    measure: 'shipped_qty',
  })
  expect(writeState({ region: '430000', measure: 'shipped_qty' }, defaults, { region: '', measure: 'sold_qty' })).toEqual({})
})

test('state read back is the state written', () => {
  const state = { measure: 'ordered_amount', region: '431003' }
  expect(readState(writeState({}, defaults, state), defaults)).toEqual(state)
})
