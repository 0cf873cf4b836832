/** The report `upload-quality` added up: counts of any days, nodes and devices, and the shares that follow from them. */
import { amount, share, type Cell } from '../figures'

/** A row of the report. */
export interface QualityRow {
  day: string
  node: string
  device_id: string | null
  events: Cell
  on_time: Cell
  accurate: Cell
  expected: Cell
  present: Cell
  lag_p50_s: Cell
  lag_p95_s: Cell
}

/** What is looked at. */
export const MEASURES = ['timeliness', 'accuracy', 'completeness'] as const

/** One of them. */
export type Measure = (typeof MEASURES)[number]

/** Counts of some rows. Counts add up where shares and percentiles do not. */
export interface Quality {
  events: number
  onTime: number
  accurate: number
  expected: number
  present: number
}

/** The counts of rows. */
export function added(rows: readonly QualityRow[]): Quality {
  const sum: Quality = { events: 0, onTime: 0, accurate: 0, expected: 0, present: 0 }
  for (const row of rows) {
    sum.events += amount(row.events)
    sum.onTime += amount(row.on_time)
    sum.accurate += amount(row.accurate)
    sum.expected += amount(row.expected)
    sum.present += amount(row.present)
  }
  return sum
}

/** A measure of counts; `null` where nothing was there to measure. */
export function measured(quality: Quality, measure: Measure): number | null {
  if (measure === 'timeliness') return share(quality.onTime, quality.events)
  if (measure === 'accuracy') return share(quality.accurate, quality.events)
  return share(quality.present, quality.expected)
}

/** The counts of each value of a column, in order of the value. */
export function by(rows: readonly QualityRow[], column: 'day' | 'node' | 'device_id'): { key: string; quality: Quality }[] {
  const groups = new Map<string, QualityRow[]>()
  for (const row of rows) {
    const key = row[column] ?? ''
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups].map(([key, group]) => ({ key, quality: added(group) })).sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** The order in which goods pass the nodes. */
const NODES = [
  'commission', 'pack', 'unpack', 'consume', 'inspect', 'store_in', 'store_move', 'ship', 'void_ship', 'receive', 'transfer', 'return', 'open_case', 'sell',
  'verify', 'purchase_check', 'decommission', 'recall',
]

/** Compares two nodes by the order in which goods pass them. */
export function nodeOrder(one: string, other: string): number {
  return NODES.indexOf(one) - NODES.indexOf(other) || one.localeCompare(other)
}

/** A share as a step of a scale: how far it is from what is wanted. `none`: nothing to measure. */
export function step(value: number | null): 'good' | 'fair' | 'poor' | 'none' {
  if (value === null) return 'none'
  if (value >= 0.98) return 'good'
  return value >= 0.9 ? 'fair' : 'poor'
}
