import { expect, it } from 'vitest'
import { reachableItems, stateShares, STATES, type RecallAnswer } from './answer'

const none = Object.fromEntries(STATES.map((s) => [s, { verified: 0, inferred: 0 }])) as RecallAnswer['states']
const answer = {
  items: 480,
  states: { ...none, sold: { verified: 140, inferred: 0 }, in_store: { verified: 0, inferred: 148 }, dealer_stock: { verified: 12, inferred: 180 } },
}

it('has every state, and shares that add up', () => {
  const shares = stateShares(answer)
  expect(shares.map((s) => s.state)).toEqual([...STATES])
  expect(shares.reduce((sum, s) => sum + s.items, 0)).toBe(480)
  expect(shares.reduce((sum, s) => sum + s.share, 0)).toBeCloseTo(1)
})

it('counts what can still be fetched back', () => {
  expect(reachableItems(answer)).toBe(340)
})

it('is 0 throughout for an empty scope', () => {
  expect(stateShares({ items: 0, states: none }).every((s) => s.share === 0)).toBe(true)
})
