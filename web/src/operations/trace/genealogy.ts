/** A trace as a graph: from material lots through work orders to the unit, and on to those who had it. */
import { type Evidence, evidenceOf, type Trace, type TracedContainment, type TracedInspection, type TracedMaterial } from './trace'

/** What a node stands for. */
export type NodeKind = 'lot' | 'work_order' | 'batch' | 'unit' | 'container' | 'shipment' | 'holder'

/** A node of the genealogy. */
export interface GenealogyNode {
  id: string
  kind: NodeKind
  title: string
  /** Second line: a supplier, a line, a time. */
  detail: string | null
  /** Result of the last inspection, where there was one. */
  inspection: 'pass' | 'fail' | null
  /** The unit that was asked for. */
  isAsked: boolean
  /** Left behind or taken back: a container it was taken out of, a shipment that was voided, a former holder. */
  isPast: boolean
}

/** What became part of, or went into, what. */
export interface GenealogyEdge {
  from: string
  to: string
  /** `document`: an ERP document says so. */
  evidence: Evidence | 'document'
}

/** The graph of one trace. */
export interface Genealogy {
  nodes: GenealogyNode[]
  edges: GenealogyEdge[]
}

class Graph implements Genealogy {
  nodes: GenealogyNode[] = []
  edges: GenealogyEdge[] = []
  private ids = new Set<string>()
  private pairs = new Set<string>()

  node(id: string, kind: NodeKind, title: string, more: Partial<GenealogyNode> = {}): string {
    if (!this.ids.has(id)) {
      this.ids.add(id)
      this.nodes.push({ id, kind, title, detail: null, inspection: null, isAsked: false, isPast: false, ...more })
    }
    return id
  }

  has(id: string): boolean {
    return this.ids.has(id)
  }

  edge(from: string, to: string, evidence: GenealogyEdge['evidence']): void {
    const pair = `${from}>${to}`
    if (from === to || this.pairs.has(pair)) return
    this.pairs.add(pair)
    this.edges.push({ from, to, evidence })
  }
}

const lotId = (lot: TracedMaterial) => `lot:${lot.material_code ?? ''}/${lot.lot_no ?? ''}`
const orderId = (no: string) => `work_order:${no}`

function lastResult(inspections: TracedInspection[], isOf: (one: TracedInspection) => boolean): 'pass' | 'fail' | null {
  const results = inspections.filter((one) => isOf(one) && (one.result === 'pass' || one.result === 'fail'))
  results.sort((a, b) => (a.inspected_at ?? '').localeCompare(b.inspected_at ?? ''))
  return (results.at(-1)?.result as 'pass' | 'fail' | undefined) ?? null
}

/** Lots into work orders. A lot made by ourselves has no supplier; the work orders one step deeper made it. */
function addMaterials(graph: Graph, trace: Trace, unit: string): void {
  for (const lot of trace.materials) {
    const inspection = lastResult(trace.inspections, (one) => one.lot_no === lot.lot_no && one.subject === lot.material_code)
    const title = `${lot.material_code ?? '?'} · ${lot.lot_no ?? '?'}`
    graph.node(lotId(lot), 'lot', title, { detail: lot.supplier_code, inspection })
    const user = lot.work_order_no ? graph.node(orderId(lot.work_order_no), 'work_order', lot.work_order_no) : unit
    graph.edge(lotId(lot), user, lot.evidence === 'scan' ? 'verified' : 'document')
  }
  const deepest = Math.max(0, ...trace.materials.map((lot) => lot.depth))
  for (let depth = 2; depth <= deepest; depth += 1) {
    const madeHere = new Set(trace.materials.filter((lot) => lot.depth === depth).flatMap((lot) => lot.work_order_no ?? []))
    const shallower = trace.materials.filter((lot) => lot.depth === depth - 1)
    const semiFinished = shallower.filter((lot) => !lot.supplier_code)
    for (const no of madeHere) {
      // The answer does not say which of several semi-finished lots an order made: then it leads to who used them.
      if (semiFinished.length === 1) graph.edge(orderId(no), lotId(semiFinished[0]!), 'document')
      else for (const lot of semiFinished.length ? semiFinished : shallower) if (lot.work_order_no) graph.edge(orderId(no), orderId(lot.work_order_no), 'document')
    }
  }
}

/** Work order and batch into the unit. */
function addProduction(graph: Graph, trace: Trace, unit: string): void {
  const { production } = trace
  let maker: string | null = null
  if (production.work_order_no) {
    const place = [production.line, production.team].filter(Boolean).join(' · ') || null
    const known = graph.nodes.find((node) => node.id === orderId(production.work_order_no!))
    if (known) known.detail = place
    maker = graph.node(orderId(production.work_order_no), 'work_order', production.work_order_no, { detail: place })
  }
  const own = trace.materials.filter((lot) => lot.depth === 1).flatMap((lot) => (lot.work_order_no ? orderId(lot.work_order_no) : []))
  if (production.batch_no) {
    const inspection = lastResult(trace.inspections, (one) => one.batch_no === production.batch_no)
    const batch = graph.node(`batch:${production.batch_no}`, 'batch', production.batch_no, { detail: trace.product.name, inspection })
    if (maker) graph.edge(maker, batch, 'document')
    // A unit that names no work order is of one of its batch's.
    else for (const order of own) graph.edge(order, batch, 'document')
    maker = batch
  }
  if (maker) graph.edge(maker, unit, 'verified')
  else for (const order of own) graph.edge(order, unit, 'document')
}

function overlaps(a: TracedContainment, b: TracedContainment): boolean {
  const begins = (one: TracedContainment) => one.from ? Date.parse(one.from) : -Infinity
  const ends = (one: TracedContainment) => one.to ? Date.parse(one.to) : Infinity
  return begins(a) < ends(b) && begins(b) < ends(a)
}

/** What the unit lay in, and what that lay in. */
function addContainers(graph: Graph, trace: Trace, unit: string): void {
  const stays = [...trace.containment].sort((a, b) => a.depth - b.depth)
  for (const stay of stays) {
    const isPast = !stays.some((other) => other.parent_code === stay.parent_code && other.to === null)
    const container = graph.node(`container:${stay.parent_code}`, 'container', stay.parent_code, { detail: stay.from, isPast })
    const inner = stays.filter((other) => other.depth === stay.depth - 1 && overlaps(other, stay))
    if (inner.length === 0) graph.edge(unit, container, stay.depth === 1 ? 'verified' : 'inferred')
    for (const other of inner) graph.edge(`container:${other.parent_code}`, container, 'inferred')
  }
}

/** Shipments and those who had the unit after them. */
function addHolders(graph: Graph, trace: Trace, unit: string): void {
  const shipments = new Map<string, string>()
  for (const move of trace.movements.filter((one) => one.event_type === 'ship')) {
    const title = move.delivery_no ?? move.order_no ?? move.event_id
    const shipment = graph.node(`shipment:${move.event_id}`, 'shipment', title, { detail: move.event_time, isPast: move.is_voided })
    shipments.set(move.event_id, shipment)
    const carried = `container:${move.via_code}`
    graph.edge(graph.has(carried) ? carried : unit, shipment, move.inferred ? 'inferred' : 'verified')
  }
  let before: string | null = null
  trace.custody.forEach((held, place) => {
    const holder = graph.node(`holder:${place}`, 'holder', held.dealer_code, { detail: held.from, isPast: held.to !== null })
    const shipment = shipments.get(held.start_event_id ?? '')
    const event = trace.movements.find((one) => one.event_id === held.start_event_id)
    // Without a shipment of its own the goods came from whoever had them before.
    graph.edge(shipment ?? (event?.event_type === 'transfer' ? before : null) ?? before ?? unit, holder, evidenceOf(held.evidence))
    before = holder
  })
}

/** The graph of a trace. */
export function genealogyOf(trace: Trace): Genealogy {
  const graph = new Graph()
  const unit = graph.node(`unit:${trace.code}`, 'unit', trace.code, { detail: trace.level, isAsked: true })
  addMaterials(graph, trace, unit)
  addProduction(graph, trace, unit)
  addContainers(graph, trace, unit)
  addHolders(graph, trace, unit)
  return { nodes: graph.nodes, edges: graph.edges }
}
