/** The answer of `GET /trace/{code}`. */

/** Whether a fact was scanned on the code itself or follows from what it lay in; `erp` and `scan` for materials. */
export type Evidence = 'verified' | 'inferred'

/** A lot that went into the unit, through semi-finished lots from depth 2 on. */
export interface TracedMaterial {
  material_code: string | null
  lot_no: string | null
  supplier_code: string | null
  qty: number | string | null
  work_order_no: string
  depth: number
  evidence: string | null
}

/** An inspection of the batch or of one of its lots. */
export interface TracedInspection {
  subject: string | null
  batch_no: string | null
  lot_no: string | null
  stage: string | null
  result: string | null
  inspector: string | null
  report_ref: string | null
  inspected_at: string | null
}

/** A time that the unit lay in a container; depth 1 is the container around it. */
export interface TracedContainment {
  parent_code: string
  from: string | null
  to: string | null
  depth: number
}

/** An event of the unit or of what held it. */
export interface TracedMovement {
  event_id: string
  event_type: string
  event_time: string | null
  from_party: string | null
  to_party: string | null
  document: string | null
  inferred: boolean
  via_code: string
  parent_code: string | null
  delivery_no: string | null
  order_no: string | null
  store_code: string | null
  warehouse_code: string | null
  device_id: string | null
  is_voided: boolean
}

/** A time that one dealer had the unit. */
export interface TracedCustody {
  dealer_code: string
  from: string
  to: string | null
  evidence: Evidence
  channel: string | null
  start_event_id: string | null
  delivery_no: string | null
  order_no: string | null
}

/** A sell, verify, open or check of the unit. */
export interface TracedSighting {
  event_id: string
  event_type: string
  sighted_at: string | null
  region_code: string | null
  region_level: string | null
  location_source: string | null
  dealer_code: string | null
  verdict: string | null
  exempt_reason: string | null
}

/** Hours between two nodes that the unit passed. */
export interface TracedDwell {
  from_node: string
  to_node: string
  hours: number
}

/** Everything known about one code. */
export interface Trace {
  code: string
  printed_code: string | null
  level: string | null
  status: string
  product: { product_code: string | null; name: string | null; spec: string | null; category: string | null }
  production: {
    work_order_no: string | null
    batch_no: string | null
    factory: string | null
    workshop: string | null
    line: string | null
    team: string | null
    operator: string | null
    commissioned_at: string | null
  }
  siblings: { items: number; cases: number }
  materials: TracedMaterial[]
  inspections: TracedInspection[]
  containment: TracedContainment[]
  movements: TracedMovement[]
  custody: TracedCustody[]
  sightings: TracedSighting[]
  dwell: TracedDwell[]
}

/** Whether anything is known of the code. A code never commissioned may still have been scanned. */
export function isKnown(trace: Trace): boolean {
  return trace.status !== 'unknown' || trace.movements.length > 0 || trace.sightings.length > 0
}
