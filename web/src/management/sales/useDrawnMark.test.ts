import { nextTick, ref } from 'vue'
import { expect, test } from 'vitest'
import { readQuestion, SALES_WORDS } from './question'
import { useDrawnMark } from './useDrawnMark'

const asked = (region: string) => readQuestion({ ...SALES_WORDS, region }, '2026-11-28')

test('nothing is said to be drawn before its figures and its map both are', async () => {
  const question = ref(asked(''))
  const standing = ref(JSON.stringify(question.value))
  const place = ref('')
  const { mark, markDrawn } = useDrawnMark(question, standing, place, ref(true))
  expect(mark.value).toBeUndefined()
  await markDrawn('')
  expect(mark.value).toBe('country sold_qty month 2026-11-01 2026-11-30')

  question.value = asked('430000')
  expect(mark.value).toBeUndefined()
  // The map of before, redrawn; then the figures; then the map of the place.
  await markDrawn('')
  expect(mark.value).toBeUndefined()
  standing.value = JSON.stringify(question.value)
  place.value = '430000'
  await markDrawn('')
  expect(mark.value).toBeUndefined()
  await markDrawn('430000')
  expect(mark.value).toBe('430000 sold_qty month 2026-11-01 2026-11-30')
})

test('a page that still looks for its month has drawn nothing yet', async () => {
  const question = ref(asked(''))
  const isSettled = ref(false)
  const { mark, markDrawn } = useDrawnMark(question, ref(JSON.stringify(question.value)), ref(''), isSettled)
  await markDrawn('')
  expect(mark.value).toBeUndefined()
  isSettled.value = true
  await nextTick()
  expect(mark.value).toContain('country')
})
