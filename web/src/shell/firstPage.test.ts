import { beforeEach, expect, test } from 'vitest'
import type { RouteLocationNormalized } from 'vue-router'
import { firstPage, firstSight } from './firstPage'

const never = new Promise<void>(() => {})
const state = async (sight: Promise<void>) => Promise.race([sight.then(() => 'there'), new Promise((done) => setTimeout(done, 0, 'waiting'))])

beforeEach(() => { Object.assign(firstPage, { route: null, error: null }) })

test('the frame stands before its page has arrived', async () => {
  const sight = firstSight({ isReady: () => never })
  expect(await state(sight)).toBe('waiting')
  firstPage.route = { name: 'map' } as unknown as RouteLocationNormalized
  expect(await state(sight)).toBe('there')
})

test('a page without frame is waited for, and a failure is something to show', async () => {
  expect(await state(firstSight({ isReady: () => Promise.resolve() }))).toBe('there')
  const failure = new Error('unreachable')
  expect(await state(firstSight({ isReady: () => Promise.reject(failure) }))).toBe('there')
  expect(firstPage.error).toBe(failure)
})
