/** The report `upload-faults`: what is wrong, and whether it follows a device, a process or a person. */
import { amount, type Cell } from '../figures'

/** A row of the report. */
export interface FaultRow {
  day: string
  node: string | null
  device_id: string | null
  operator: string | null
  team: string | null
  cause: string
  fault: string
  events: Cell
  documents: Cell
  example: string | null
}

/** Whom to talk to, in the order they are shown. */
export const CAUSES = ['device', 'process', 'person', 'unclear'] as const

/** One of them. */
export type Cause = (typeof CAUSES)[number]

/** Events of one fault, split by cause. */
export interface FaultSplit {
  fault: string
  events: number
  causes: Record<Cause, number>
}

/** Faults, the most frequent first, each split by cause. A cause this page does not know is counted as unclear. */
export function faultSplits(rows: readonly FaultRow[]): FaultSplit[] {
  const splits = new Map<string, FaultSplit>()
  for (const row of rows) {
    const split = splits.get(row.fault) ?? { fault: row.fault, events: 0, causes: { device: 0, process: 0, person: 0, unclear: 0 } }
    splits.set(row.fault, split)
    const cause = (CAUSES as readonly string[]).includes(row.cause) ? (row.cause as Cause) : 'unclear'
    split.causes[cause] += amount(row.events)
    split.events += amount(row.events)
  }
  return [...splits.values()].sort((a, b) => b.events - a.events || a.fault.localeCompare(b.fault))
}

/** Events of each cause. */
export function causeTotals(rows: readonly FaultRow[]): Record<Cause, number> {
  const totals: Record<Cause, number> = { device: 0, process: 0, person: 0, unclear: 0 }
  for (const split of faultSplits(rows)) for (const cause of CAUSES) totals[cause] += split.causes[cause]
  return totals
}
