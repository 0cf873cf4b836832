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
