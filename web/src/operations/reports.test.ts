import { afterEach, expect, it, vi } from 'vitest'
import { everyRow, reportPath } from './reports'

afterEach(() => vi.unstubAllGlobals())

it('leaves out what is not asked, and asks for missing values by an empty word', () => {
  expect(reportPath('upload-quality', { words: { node: 'ship', from: '' }, missing: ['device_id'] }))
    .toBe('/reports/upload-quality?node=ship&device_id=&limit=1000')
})

it('reads page after page, and tells when it stopped before the end', async () => {
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    const place = Number(new URL(url, 'http://x').searchParams.get('cursor') ?? 0)
    const page = { columns: [], rows: [{ n: place }, { n: place + 1 }], next_cursor: place < 4 ? String(place + 2) : null, built_at: 'T', rule_version: 'r' }
    return Promise.resolve(new Response(JSON.stringify(page), { headers: { 'content-type': 'application/json' } }))
  })
  const all = await everyRow<{ n: number }>('dwell')
  expect(all.rows.map((row) => row.n)).toEqual([0, 1, 2, 3, 4, 5])
  expect(all).toMatchObject({ isCut: false, builtAt: 'T', ruleVersion: 'r' })
  expect(asked).toHaveLength(3)
  const some = await everyRow<{ n: number }>('dwell', {}, undefined, 3)
  expect(some.rows.map((row) => row.n)).toEqual([0, 1, 2])
  expect(some.isCut).toBe(true)
})
