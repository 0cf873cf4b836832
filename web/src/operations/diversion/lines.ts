/** Lines on the map from a dealer's territory to where its goods were seen. */

/** A place of the case's answer; without a point it cannot be drawn. */
export interface LinePlace {
  lng: number | null
  lat: number | null
  region_code: string | null
}

/** A line of the case's answer. */
export interface CaseLine {
  from: LinePlace
  to: LinePlace
  count: number
}

/** A line that can be drawn. */
export interface DrawnLine {
  from: [number, number]
  to: [number, number]
  fromRegion: string | null
  toRegion: string | null
  count: number
  /** Width in pixels; its area grows with the count, so that one heavy line does not hide the rest. */
  width: number
}

const WIDTH_MIN_PX = 1.5
const WIDTH_MAX_PX = 8

function point(place: LinePlace): [number, number] | null {
  const { lng, lat } = place
  return typeof lng === 'number' && typeof lat === 'number' ? [lng, lat] : null
}

/** Joins lines between the same two places and leaves out those without a place, which `undrawn` counts. */
export function drawnLines(lines: readonly CaseLine[]): { lines: DrawnLine[]; undrawn: number } {
  const joined = new Map<string, DrawnLine>()
  let undrawn = 0
  for (const line of lines) {
    const [from, to] = [point(line.from), point(line.to)]
    if (!from || !to) {
      undrawn += line.count
      continue
    }
    const key = `${from}|${to}`
    const known = joined.get(key)
    if (known) known.count += line.count
    else joined.set(key, { from, to, fromRegion: line.from.region_code, toRegion: line.to.region_code, count: line.count, width: 0 })
  }
  const drawn = [...joined.values()].sort((a, b) => a.count - b.count)
  const greatest = drawn.at(-1)?.count ?? 1
  for (const line of drawn) {
    line.width = WIDTH_MIN_PX + (WIDTH_MAX_PX - WIDTH_MIN_PX) * Math.sqrt(line.count / greatest)
  }
  return { lines: drawn, undrawn }
}

/** What of the country is shown, and which of its parts the lines begin and end in. */
export interface LineFrame {
  /** A province if all lines lie within it, else the country: ''. */
  place: string
  sources: Set<string>
  destinations: Set<string>
}

/** The smallest map that holds all lines. Its parts are provinces, or the cities of the one province. */
export function frameOf(lines: readonly DrawnLine[]): LineFrame {
  const codes = lines.flatMap((line) => [line.fromRegion, line.toRegion])
  const provinces = new Set(codes.map((code) => code?.slice(0, 2)))
  const place = provinces.size === 1 && codes[0] ? `${codes[0].slice(0, 2)}0000` : ''
  const partOf = (code: string | null) => (code ? (place ? `${code.slice(0, 4)}00` : `${code.slice(0, 2)}0000`) : '')
  return { place, sources: new Set(lines.map((line) => partOf(line.fromRegion))), destinations: new Set(lines.map((line) => partOf(line.toRegion))) }
}
