import type { Feature, FeatureCollection, MultiLineString, MultiPolygon } from 'geojson'
import { feature } from 'topojson-client'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { isProvince, levelBelow, liesIn, provinceOf } from './regions'

export interface AreaProperties {
  code: string
  name: string
  /** Name without 省, 市, 自治区; provinces only. */
  short?: string
}
export type Area = Feature<MultiPolygon, AreaProperties>

/** What a map of one place draws. */
export interface AreaMap {
  areas: Area[]
  /** Boundary lines of the country, the dash line of the South China Sea among them. */
  lines: Feature<MultiLineString>[]
}

type Areas = Topology<{ areas: GeometryCollection<AreaProperties>; lines?: GeometryCollection }>

const nationwide = import.meta.glob<string>('./topology/{provinces,cities}.json', { query: '?url', import: 'default', eager: true })
const byProvince = import.meta.glob<string>('./topology/counties/*.json', { query: '?url', import: 'default', eager: true })

const loaded = new Map<string, Promise<Areas>>()

function load(url: string | undefined): Promise<Areas> {
  if (!url) return Promise.reject(new Error('no map is drawn for this place'))
  let known = loaded.get(url)
  if (!known) {
    known = fetch(url).then((answer) => {
      if (!answer.ok) throw new Error(`map ${url}: HTTP ${answer.status}`)
      return answer.json() as Promise<Areas>
    })
    // A map that failed to load is asked for again next time.
    known.catch(() => loaded.delete(url))
    loaded.set(url, known)
  }
  return known
}

/** Areas with their outlines; only those that are wanted are worked out, because a nationwide map has hundreds. */
function areasOf(topology: Areas, isWanted: (code: string) => boolean = () => true): Area[] {
  const { areas } = topology.objects
  const geometries = areas.geometries.filter(({ properties }) => isWanted((properties as AreaProperties).code))
  return (feature(topology, { ...areas, geometries }) as FeatureCollection<MultiPolygon, AreaProperties>).features
}

const provinces = () => load(nationwide['./topology/provinces.json'])
const cities = () => load(nationwide['./topology/cities.json'])
const counties = (code: string) => load(byProvince[`./topology/counties/${provinceOf(code)}.json`])

/** The parts of a place, '' the country. A place without parts is drawn itself. */
export async function areaMap(place: string): Promise<AreaMap> {
  if (place === '') {
    const topology = await provinces()
    const lines = topology.objects.lines
    return {
      areas: areasOf(topology),
      lines: lines ? (feature(topology, lines) as FeatureCollection<MultiLineString>).features : [],
    }
  }
  const below = levelBelow(place)
  const isWithin = (code: string) => liesIn(code, place)
  if (isProvince(place) && below !== 'county') {
    const source = below === null ? await provinces() : await cities()
    return { areas: areasOf(source, isWithin), lines: [] }
  }
  const parts = areasOf(await counties(place), isWithin)
  if (parts.length > 0) return { areas: parts, lines: [] }
  return { areas: areasOf(await cities(), (code) => code === place), lines: [] }
}

/** Fetches what a map of a place will draw. A failure is told when it is drawn. */
export const preloadAreas = (place: string): Promise<unknown> => areaMap(place).catch(() => undefined)

/** Fetches while nothing else is to do what a look into a part of the place will draw. A failure is told when it is drawn. */
export const preloadBelow = (place: string): Promise<unknown> => (place === '' ? cities() : counties(place)).catch(() => undefined)

/** Names by code of everything on the maps loaded so far. */
export async function namesOf(place: string): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  const note = (topology: Areas) =>
    topology.objects.areas.geometries.forEach(({ properties }) => {
      const { code, name } = properties as AreaProperties
      names.set(code, name)
    })
  note(await provinces())
  if (place !== '') {
    note(await cities())
    if (!isProvince(place)) note(await counties(place))
  }
  return names
}
