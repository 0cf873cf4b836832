/** The answer of `GET /recall`. */

/** The nine states an item may be in, in the order they are tried. */
export const STATES = [
  'unknown', 'line_reject', 'destroyed', 'sold', 'returned', 'in_store', 'dealer_stock', 'in_transit', 'in_factory',
] as const

/** One of them. */
export type UnitState = (typeof STATES)[number]

/** What one delivery brought to a consignee. */
export interface RecallDelivery {
  delivery_no: string | null
  order_no: string | null
  shipped_at: string | null
  items: number
}

/** A dealer that has, or had, goods of the scope. */
export interface Consignee {
  dealer_code: string
  dealer_name: string | null
  region_code: string | null
  items: number
  sold: number
  /** It has none of them any more. */
  past: boolean
  orders: string[]
  deliveries: RecallDelivery[]
}

/** Items by the region of who has them. */
export interface RecallRegion {
  region_code: string | null
  region_name: string | null
  province_code: string | null
  province_name: string | null
  city_code: string | null
  city_name: string | null
  items: number
  sold: number
}

/** A work order that the scope reached, and through how many steps. */
export interface RecallWorkOrder {
  work_order_no: string
  depth: number
  is_whole: boolean
  product_code: string | null
  batch_no: string | null
  line: string | null
  items: number
  verified: number
  inferred: number
}

/** A whole answer but the codes. */
export interface RecallAnswer {
  scope: Record<string, string> & { kind: string; as_of: string }
  items: number
  states: Record<UnitState, { verified: number; inferred: number }>
  balance: { produced?: number; accounted?: number; pct?: number | string | null; unaccounted?: number; received_qty?: number | string | null }
  consignees: Consignee[]
  regions: RecallRegion[]
  work_orders: RecallWorkOrder[]
  materials: Record<string, string | number | null>[]
  timings_ms: Record<string, number>
  unbuilt_events?: number | null
}

/** A state's items, for a bar split by evidence. */
export interface StateShare {
  state: UnitState
  verified: number
  inferred: number
  items: number
  share: number
}

/** States that can still be fetched back: goods that are somewhere and not used up. */
export const REACHABLE: readonly UnitState[] = ['returned', 'in_store', 'dealer_stock', 'in_transit', 'in_factory']

/** Every state with its share; those without items too, so that the answer always has one shape. */
export function stateShares(answer: Pick<RecallAnswer, 'states' | 'items'>): StateShare[] {
  return STATES.map((state) => {
    const { verified, inferred } = answer.states[state] ?? { verified: 0, inferred: 0 }
    const items = verified + inferred
    return { state, verified, inferred, items, share: answer.items > 0 ? items / answer.items : 0 }
  })
}

/** Items that can still be fetched back. */
export function reachableItems(answer: Pick<RecallAnswer, 'states' | 'items'>): number {
  return stateShares(answer).filter((one) => REACHABLE.includes(one.state)).reduce((sum, one) => sum + one.items, 0)
}
