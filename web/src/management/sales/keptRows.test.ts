import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { wholeReport } from '@/api/reports'
import { forgetRows, keepRows, rowsOf } from './keptRows'

vi.mock('@/api/reports', () => ({ wholeReport: vi.fn() }))
const asked = vi.mocked(wholeReport)
const page = (rows: { period: string }[]) => ({ columns: [], rows, next_cursor: null, built_at: null, rule_version: null })

beforeEach(() => { asked.mockReset().mockResolvedValue(page([{ period: '2026-01' }])) })
afterEach(forgetRows)

test('a question is asked once, one that failed again, one whose answer is known never', async () => {
  asked.mockRejectedValueOnce(new Error('unreachable'))
  await expect(rowsOf('sales', { level: 'city' })).rejects.toThrow('unreachable')
  await Promise.all([rowsOf('sales', { level: 'city' }), rowsOf('sales', { level: 'city' })])
  expect(asked).toHaveBeenCalledTimes(2)
  keepRows('sales', { level: 'province' }, [{ period: '2026-02' }])
  expect(await rowsOf('sales', { level: 'province' })).toEqual([{ period: '2026-02' }])
  expect(asked).toHaveBeenCalledTimes(2)
})
