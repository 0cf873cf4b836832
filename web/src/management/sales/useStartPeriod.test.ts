import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { computed, effectScope, ref } from 'vue'
import { wholeReport } from '@/api/reports'
import { forgetRows, rowsOf } from './keptRows'
import { baseQuery, readQuestion, SALES_WORDS } from './question'
import { lastMonthWith, useStartPeriod, yearUpTo } from './useStartPeriod'

vi.mock('@/api/reports', () => ({ wholeReport: vi.fn() }))
const asked = vi.mocked(wholeReport)
const page = (rows: { period: string; region_code: string; sold_qty: number }[]) =>
  ({ columns: [], rows, next_cursor: null, built_at: null, rule_version: null })

beforeEach(() => { vi.useFakeTimers({ now: Date.parse('2026-11-28T04:00:00Z'), toFake: ['Date'] }) })
afterEach(() => {
  vi.useRealTimers()
  asked.mockReset()
  forgetRows()
})

function start(given: Partial<typeof SALES_WORDS> = {}) {
  const words = ref({ ...SALES_WORDS, ...given })
  const question = computed(() => readQuestion(words.value))
  const scope = effectScope()
  const { isSettled } = scope.run(() => useStartPeriod(question, words, (change) => { words.value = { ...words.value, ...change } }))!
  return { words, question, isSettled, leave: () => scope.stop() }
}

test('the last month that has something', () => {
  const rows = [
    { period: '2026-04', sold_qty: '5' }, { period: '2026-06', sold_qty: '0' }, { period: '2026-05', sold_qty: '1' },
    { period: '2026-06', sold_qty: null },
  ]
  expect(lastMonthWith(rows, 'sold_qty')).toBe('2026-05')
  expect(lastMonthWith([], 'sold_qty')).toBeNull()
  expect(yearUpTo('2026-11-28')).toEqual({ grain: 'month', from: '2025-12-01', to: '2026-11-30' })
})

test('the search settles the period, and its answer holds the figures of the month', async () => {
  const rows = [{ period: '2026-08', region_code: '430000', sold_qty: 1 }, { period: '2026-09', region_code: '430000', sold_qty: 2 }]
  asked.mockResolvedValue(page(rows))
  const { words, question, isSettled } = start()
  expect(isSettled.value).toBe(false)
  await vi.waitFor(() => expect(isSettled.value).toBe(true))
  expect(words.value.from).toBe('2026-09-01')
  expect(await rowsOf('regional-sales', baseQuery(question.value, 'province'))).toEqual([rows[1]])
  expect(asked).toHaveBeenCalledTimes(1)
})

test('a period of the address is settled at once; without an answer this month is', async () => {
  expect(start({ from: '2026-02-01' }).isSettled.value).toBe(true)
  expect(start({ grain: 'week' }).isSettled.value).toBe(true)
  expect(asked).not.toHaveBeenCalled()
  asked.mockRejectedValue(new Error('unreachable'))
  const { words, isSettled } = start({ region: '430100' })
  expect(asked.mock.lastCall?.[1]).toMatchObject({ level: 'city', region_code: '430100' })
  await vi.waitFor(() => expect(isSettled.value).toBe(true))
  expect(words.value.from).toBe('')
})

test('whoever has chosen a period meanwhile, or left, is not led elsewhere', async () => {
  asked.mockResolvedValue(page([{ period: '2026-09', region_code: '430000', sold_qty: 2 }]))
  const chosen = start()
  chosen.words.value = { ...chosen.words.value, from: '2026-03-01' }
  expect(chosen.isSettled.value).toBe(true)
  const left = start()
  left.leave()
  await new Promise((done) => setTimeout(done))
  expect([chosen.words.value.from, left.words.value.from]).toEqual(['2026-03-01', ''])
})
