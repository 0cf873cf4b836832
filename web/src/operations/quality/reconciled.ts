/** The report `reconciliation`: what was ordered, delivered and scanned, differences first. */
import { amount, figure, type Cell } from '../figures'

/** A row of the report. */
export interface ReconciliationRow {
  order_no: string | null
  line_no: string | null
  dealer_code: string | null
  product_code: string | null
  ordered_qty: Cell
  delivered_qty: Cell
  scanned_qty: Cell
  status: string
  system: string | null
}

/** Statuses, the gravest first: this is the order of the page. */
export const STATUSES = ['wrong_dealer', 'wrong_product', 'not_in_erp', 'over', 'short', 'open', 'ok'] as const

/** One of them. */
export type Status = (typeof STATUSES)[number]

const gravity = (status: string) => {
  const place = (STATUSES as readonly string[]).indexOf(status)
  return place < 0 ? STATUSES.length : place
}

/** How many items scans and documents differ by; more scanned than delivered is positive. */
export function difference(row: ReconciliationRow): number {
  return amount(row.scanned_qty) - amount(row.delivered_qty)
}

/** Rows with the gravest status first, then by how much they differ. */
export function gravestFirst(rows: readonly ReconciliationRow[]): ReconciliationRow[] {
  return [...rows].sort((a, b) =>
    gravity(a.status) - gravity(b.status)
    || Math.abs(difference(b)) - Math.abs(difference(a))
    || (a.order_no ?? '').localeCompare(b.order_no ?? ''))
}

/** Lines of each status; those without lines too. */
export function statusCounts(rows: readonly ReconciliationRow[]): { status: Status; lines: number; items: number }[] {
  return STATUSES.map((status) => {
    const own = rows.filter((row) => row.status === status)
    return { status, lines: own.length, items: own.reduce((sum, row) => sum + Math.abs(difference(row)), 0) }
  })
}

/** Lengths of the three bars of a row on one scale; `null` where there is no such quantity. */
export function bars(row: ReconciliationRow): { ordered: number | null; delivered: number | null; scanned: number | null } {
  const [ordered, delivered, scanned] = [figure(row.ordered_qty), figure(row.delivered_qty), figure(row.scanned_qty)]
  const full = Math.max(ordered ?? 0, delivered ?? 0, scanned ?? 0)
  const length = (value: number | null) => (value === null ? null : full > 0 ? Math.max(0, value) / full : 0)
  return { ordered: length(ordered), delivered: length(delivered), scanned: length(scanned) }
}
