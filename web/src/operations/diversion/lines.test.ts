import { expect, it } from 'vitest'
import { type CaseLine, drawnLines, frameOf } from './lines'

const home = { lng: 121.6, lat: 38.9, region_code: '210200' }
const seen = { lng: 113.6, lat: 37.9, region_code: '140302' }
const line = (over: Partial<CaseLine>): CaseLine => ({ from: home, to: seen, count: 1, ...over })

it('joins lines between the same places; the heaviest is widest and drawn last', () => {
  const other = { lng: 113.5, lat: 37.8, region_code: '140303' }
  const { lines, undrawn } = drawnLines([line({ count: 30 }), line({ to: other, count: 1 }), line({ count: 24 })])
  expect(lines.map((l) => [l.toRegion, l.count])).toEqual([['140303', 1], ['140302', 54]])
  expect(lines[1]!.width).toBe(8)
  expect(lines[0]!.width).toBeGreaterThan(1.5)
  expect(undrawn).toBe(0)
})

it('counts what has no place instead of drawing it somewhere', () => {
  const { lines, undrawn } = drawnLines([line({ to: { lng: null, lat: null, region_code: null }, count: 3 })])
  expect(lines).toEqual([])
  expect(undrawn).toBe(3)
})

it('shows the country for lines between provinces, the province for lines within one', () => {
  const across = frameOf(drawnLines([line({})]).lines)
  expect(across).toEqual({ place: '', sources: new Set(['210000']), destinations: new Set(['140000']) })
  const within = frameOf(drawnLines([line({ to: { lng: 122, lat: 39, region_code: '210213' } })]).lines)
  expect(within).toEqual({ place: '210000', sources: new Set(['210200']), destinations: new Set(['210200']) })
})
