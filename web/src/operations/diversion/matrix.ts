/** The report `diversion-matrix` as a heat map: from where goods went astray to where they were seen. */
import { amount, type Cell } from '../figures'

/** A row of the report. */
export interface MatrixRow {
  month: string
  source_region: string | null
  destination_region: string | null
  source_name: string | null
  destination_name: string | null
  off_territory: Cell
  dealers: Cell
  cases: Cell
  alerts: Cell
  exempted: Cell
}

/** A region on one side of the matrix. */
export interface MatrixSide {
  code: string
  name: string
  total: number
}

/** What went from one region to another, all months together. */
export interface MatrixCell {
  source: number
  destination: number
  offTerritory: number
  cases: number
  alerts: number
  exempted: number
}

/** A matrix of regions, heaviest first on both sides. */
export interface Matrix {
  sources: MatrixSide[]
  destinations: MatrixSide[]
  cells: MatrixCell[]
  greatest: number
}

interface Sum {
  source: string
  destination: string
  offTerritory: number
  cases: number
  alerts: number
  exempted: number
}

function side(sums: Iterable<Sum>, key: 'source' | 'destination', names: Map<string, string>): MatrixSide[] {
  const totals = new Map<string, number>()
  for (const sum of sums) totals.set(sum[key], (totals.get(sum[key]) ?? 0) + sum.offTerritory)
  return [...totals]
    .map(([code, total]) => ({ code, name: names.get(code) ?? '', total }))
    .sort((a, b) => b.total - a.total || a.code.localeCompare(b.code))
}

/** Adds the months up and puts the heaviest regions first. An unknown region has an empty code and an empty name. */
export function matrixOf(rows: readonly MatrixRow[]): Matrix {
  const names = new Map<string, string>()
  const sums = new Map<string, Sum>()
  for (const row of rows) {
    const source = row.source_region ?? ''
    const destination = row.destination_region ?? ''
    names.set(source, row.source_name ?? '')
    names.set(destination, row.destination_name ?? '')
    const key = `${source}|${destination}`
    const sum = sums.get(key) ?? { source, destination, offTerritory: 0, cases: 0, alerts: 0, exempted: 0 }
    sum.offTerritory += amount(row.off_territory)
    sum.cases += amount(row.cases)
    sum.alerts += amount(row.alerts)
    sum.exempted += amount(row.exempted)
    sums.set(key, sum)
  }
  const sources = side(sums.values(), 'source', names)
  const destinations = side(sums.values(), 'destination', names)
  const placeOf = (regions: MatrixSide[]) => new Map(regions.map((region, place) => [region.code, place]))
  const [sourceAt, destinationAt] = [placeOf(sources), placeOf(destinations)]
  const cells = [...sums.values()].map(({ source, destination, ...sum }) => ({
    source: sourceAt.get(source)!,
    destination: destinationAt.get(destination)!,
    ...sum,
  }))
  return { sources, destinations, cells, greatest: Math.max(0, ...cells.map((cell) => cell.offTerritory)) }
}
