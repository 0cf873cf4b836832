import { expect, test } from 'vitest'
import { takeEarly } from './early'

test('an early answer is taken once, and one that failed is none', async () => {
  const answer = new Response('{}')
  window.earlyAnswers = { '/one': Promise.resolve(answer), '/failed': Promise.resolve(null) }
  expect(await takeEarly('/one')).toBe(answer)
  expect(await takeEarly('/one')).toBeNull()
  expect(await takeEarly('/failed')).toBeNull()
  delete window.earlyAnswers
  expect(await takeEarly('/one')).toBeNull()
})
