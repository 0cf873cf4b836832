// @vitest-environment node
import { expect, test } from 'vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { feature } from 'topojson-client'
import { levelBelow } from './regions'

const folder = new URL('./topology/', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const expected = read('expected.json')

type Geometry = { properties: { code: string }; arcs: unknown[] }
const geometries = (topology: { objects: { areas: { geometries: Geometry[] } } }) => topology.objects.areas.geometries
const partsOf = (areas: Geometry[]) => areas.reduce((sum, { arcs }) => sum + arcs.length, 0)
const counties: Geometry[] = readdirSync(new URL('counties/', folder)).flatMap((name) => geometries(read(`counties/${name}`)))

test('no area and no island was lost', () => {
  for (const [name, areas] of [['provinces', geometries(read('provinces.json'))], ['cities', geometries(read('cities.json'))], ['counties', counties]] as const) {
    expect([name, areas.length, partsOf(areas)]).toEqual([name, expected[name].areas, expected[name].parts])
  }
})

test('every part still encloses something', () => {
  const topology = read('provinces.json')
  const provinces = feature(topology, topology.objects.areas) as unknown as { features: { geometry: { coordinates: number[][][][] } }[] }
  for (const { geometry } of provinces.features) {
    for (const [ring] of geometry.coordinates) expect(ring!.length).toBeGreaterThanOrEqual(4)
  }
})

test('the boundary lines are all there, down to the southernmost dashes', () => {
  const topology = read('provinces.json')
  const lines = (feature(topology, topology.objects.lines) as unknown as { features: { geometry: { type: string; coordinates: number[][] | number[][][] } }[] }).features
  const strings = lines.flatMap(({ geometry }) => (geometry.type === 'MultiLineString' ? geometry.coordinates : [geometry.coordinates]) as number[][][])
  expect(lines.length).toBe(expected.provinces.lines)
  expect(strings.length).toBe(expected.provinces.line_parts)
  const points = strings.flat()
  expect(Math.min(...points.map(([, lat]) => lat!))).toBeLessThan(4)
  expect(Math.max(...points.filter(([, lat]) => lat! < 25).map(([lng]) => lng!))).toBeGreaterThan(119)
})

test('Taiwan, Hong Kong, Macau and the islands of the South China Sea are areas as all others', () => {
  const provinces = geometries(read('provinces.json')).map(({ properties }) => properties.code)
  expect(provinces).toEqual(expect.arrayContaining(['710000', '810000', '820000', '460000']))
  expect(geometries(read('cities.json')).map(({ properties }) => properties.code)).toContain('460300')
})

test('every county of the table of regions is on the map, but for those drawn as part of another', () => {
  const table = readFileSync(new URL('../../../pipeline/regions/data/regions.csv', import.meta.url), 'utf8')
  const rows = table.trim().split('\n').slice(1).map((line) => line.split(','))
  const drawn = new Set(counties.map(({ properties }) => properties.code))
  const missing = rows.filter(([code, , level]) => level === 'county' && !drawn.has(code!) && !code!.startsWith('82')).map(([code]) => code)
  // 和康县 and 和安县 were set up in December 2024, after the map; Macau is drawn as a whole.
  expect(missing).toEqual(['653228', '653229'])
})

test('whatever can be looked into has parts', () => {
  const cities = geometries(read('cities.json')).map(({ properties }) => properties.code)
  const drawn = counties.map(({ properties }) => properties.code)
  const empty = cities.filter((code) => !code.startsWith('71') && code.endsWith('00') && !code.endsWith('0000'))
    .filter((code) => levelBelow(code) === 'county' && !drawn.some((county) => county.startsWith(code.slice(0, 4))))
  expect(empty).toEqual([])
})
