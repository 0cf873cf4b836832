import { afterEach, expect, it, vi } from 'vitest'
import { learnRegions, regionName } from './regions'

afterEach(() => vi.unstubAllGlobals())

it('names a code from the province down, and shows the code if nobody knows it', async () => {
  const below: Record<string, [string, string][]> = {
    '': [['140000', '山西省'], ['120000', '天津市']], 120000: [['120101', '和平区']], 140000: [['140300', '阳泉市']], 140300: [['140302', '城区']],
  }
  const fetched: string[] = []
  vi.stubGlobal('fetch', (input: Request) => {
    const parent = new URL(input.url).searchParams.get('parent') ?? ''
    fetched.push(parent)
    const items = (below[parent] ?? []).map(([region_code, name]) => ({ region_code, name }))
    return Promise.resolve(new Response(JSON.stringify({ items }), { headers: { 'content-type': 'application/json' } }))
  })
  await learnRegions(['140302', null, '140300'])
  await learnRegions(['140302', '120101'])
  expect(regionName('140302')).toBe('山西省阳泉市城区')
  expect(regionName('120101')).toBe('天津市和平区')
  expect(regionName('140300')).toBe('山西省阳泉市')
  expect(regionName('999999')).toBe('999999')
  expect(regionName(null)).toBe('')
  expect(fetched.sort()).toEqual(['', '120000', '140000', '140300'])
})
