/** The rows of the diversion desk: narrowed, ordered and counted. */
import { amount, type Cell } from '../figures'
import { regionName } from '../regions'

/** A row of `case-summary`; `diversion-cases` has the same without names, which dealers are shown. */
export interface CaseRow {
  dealer_code: string
  product_code: string
  destination_region: string
  month: string
  dealer_name?: string | null
  product_name?: string | null
  destination_name?: string | null
  located: Cell
  off_territory: Cell
  rate: Cell
  rate_lower: Cell
  packages: Cell
  shipments: Cell
  devices: Cell
  exempted: Cell
  exempted_national_channel?: Cell
  exempted_buffer_county?: Cell
  exempted_staff_device?: Cell
  exempted_test_code?: Cell
  exempted_visitor_region?: Cell
  units?: Cell
  grade: string
  alert: boolean
  first_seen_at?: string | null
  last_seen_at?: string | null
  rule_version: string | null
  case_hash?: string | null
  decision: string | null
  decided_by: string | null
  decided_at: string | null
  decision_note: string | null
  is_changed?: boolean | null
  appeal: string | null
  appealed_at?: string | null
  appeal_note?: string | null
}

/** What the desk is narrowed to. Empty words narrow nothing. */
export interface Narrowing {
  /** A queue: what somebody has to do something about. */
  queue: string
  grade: string
  decision: string
  /** Any part of code or name. */
  text: string
  /** A region code; one of a province or city takes what lies in it. */
  destination: string
}

/** What waits for operations, the most urgent first; `all` is everything. */
export const QUEUES = ['alerts', 'undecided', 'appeals', 'changed', 'all'] as const

/** Whether a case waits in a queue. */
export function isIn(queue: string, row: CaseRow): boolean {
  switch (queue) {
    case 'alerts':
      return row.alert
    case 'undecided':
      // A case under review has somebody who works on it, and no decision yet.
      return row.alert && (row.decision === null || row.decision === 'under_review')
    case 'appeals':
      return row.appeal === 'open'
    case 'changed':
      return row.is_changed === true
    default:
      return true
  }
}

/** How many cases wait in each queue. */
export function queueCounts(rows: readonly CaseRow[]): Record<(typeof QUEUES)[number], number> {
  const count = (queue: string) => rows.filter((row) => isIn(queue, row)).length
  return { alerts: count('alerts'), undecided: count('undecided'), appeals: count('appeals'), changed: count('changed'), all: rows.length }
}

/** A code without the zeros that stand for "everything below". */
function stem(code: string): string {
  return code.replace(/^(\d{2})0000$/, '$1').replace(/^(\d{4})00$/, '$1')
}

/** The cases that are asked for. */
export function narrowed(rows: readonly CaseRow[], wanted: Narrowing): CaseRow[] {
  const text = wanted.text.trim().toLowerCase()
  const place = stem(wanted.destination.trim())
  const says = (row: CaseRow) =>
    [row.dealer_code, row.dealer_name, row.product_code, row.product_name, row.destination_region, row.destination_name]
      .some((word) => word?.toLowerCase().includes(text))
  return rows.filter((row) =>
    isIn(wanted.queue, row)
    && (!wanted.grade || row.grade === wanted.grade)
    && (!wanted.decision || (row.decision ?? 'none') === wanted.decision)
    && (!place || row.destination_region.startsWith(place))
    && (!text || says(row)))
}

/** Alerts first, then the better evidence, then the higher bound: the order in which to work. */
export function workOrder(one: CaseRow, other: CaseRow): number {
  return Number(other.alert) - Number(one.alert)
    || one.grade.localeCompare(other.grade)
    || amount(other.rate_lower) - amount(one.rate_lower)
    || amount(other.off_territory) - amount(one.off_territory)
    || other.month.localeCompare(one.month)
}

/** Where goods were seen: the place itself, and what it lies in with its code. */
export function placeOf(row: Pick<CaseRow, 'destination_region' | 'destination_name'>): { name: string; within: string } {
  const parts = row.destination_name?.split(' ') ?? []
  const name = parts.slice(1).join(' ') || parts[0] || regionName(row.destination_region)
  const within = [parts.length > 1 ? parts[0] : '', row.destination_name ? row.destination_region : ''].filter(Boolean).join(' ')
  return { name, within }
}

/** What names a case. */
export type CaseKey = Pick<CaseRow, 'dealer_code' | 'product_code' | 'destination_region' | 'month'>

/** Where a case's page is. */
export function casePath(row: CaseKey): string {
  return [row.dealer_code, row.product_code, row.destination_region, row.month].map(encodeURIComponent).join('/')
}

/** Reasons for which sightings were left out of a case, with how many; every reason, so that nobody suspects that one was picked. */
export const EXEMPTIONS = ['national_channel', 'buffer_county', 'staff_device', 'test_code', 'visitor_region'] as const

/** The exemptions of a case. */
export function exemptionsOf(row: CaseRow): { reason: (typeof EXEMPTIONS)[number]; count: number }[] {
  return EXEMPTIONS.map((reason) => ({ reason, count: amount(row[`exempted_${reason}`]) }))
}
