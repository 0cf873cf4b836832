/** The report `dwell`: how long items stay between two nodes. */
import { amount, type Cell } from '../figures'

/** A row of the report. */
export interface DwellRow {
  from_node: string
  to_node: string
  product_code: string | null
  items: Cell
  p50_h: Cell
  p90_h: Cell
  max_h: Cell
}

/** A step between two nodes, all products together. */
export interface Step {
  key: string
  from: string
  to: string
  items: number
  /** The products' own medians, weighted by their items: medians do not add up, so it is not the median of all. */
  typical: number
  longest: number
  products: DwellRow[]
}

/** The order in which goods pass the nodes. */
const NODES = ['commission', 'store_in', 'ship', 'receive', 'sell', 'verify']

/** Steps in the order in which goods pass them. */
export function stepsOf(rows: readonly DwellRow[]): Step[] {
  const steps = new Map<string, Step>()
  for (const row of rows) {
    const key = `${row.from_node}>${row.to_node}`
    const step = steps.get(key) ?? { key, from: row.from_node, to: row.to_node, items: 0, typical: 0, longest: 0, products: [] }
    steps.set(key, step)
    step.items += amount(row.items)
    step.typical += amount(row.items) * amount(row.p50_h)
    step.longest = Math.max(step.longest, amount(row.max_h))
    step.products.push(row)
  }
  for (const step of steps.values()) {
    step.typical = step.items > 0 ? step.typical / step.items : 0
    step.products.sort((a, b) => amount(b.p50_h) - amount(a.p50_h))
  }
  const place = (node: string) => NODES.indexOf(node)
  return [...steps.values()].sort((a, b) => place(a.from) - place(b.from) || place(a.to) - place(b.to))
}

/** The place of a time on a scale from six minutes to the longest there is: hours and months on one axis. */
export function logPlace(hours: number, longest: number): number {
  const least = 0.1
  if (longest <= least || hours <= least) return 0
  return Math.min(1, Math.log(hours / least) / Math.log(longest / least))
}
