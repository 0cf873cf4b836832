/** The evidence of a case, as shipments that hold packages that hold cases that hold sightings. */

/** A row of the report `case-evidence`. */
export interface EvidenceRow {
  event_id: string
  code: string
  verdict: string
  exempt_reason: string | null
  event_type: string
  sighted_at: string
  region_code: string | null
  region_level: string | null
  location_source: string | null
  store_code: string | null
  is_known_store: boolean | null
  device: string | null
  level: string | null
  channel: string | null
  custody_since: string | null
  case_code: string | null
  package_code: string | null
  ship_event_id: string | null
  ship_via_code: string | null
  is_ship_inferred: boolean | null
  shipped_at: string | null
  delivery_no: string | null
  order_no: string | null
  warehouse_code: string | null
  carrier: string | null
  waybill_no: string | null
  evidence_hash: string
}

/** Sightings of one shipping case. */
export interface CaseOfEvidence {
  caseCode: string | null
  sightings: EvidenceRow[]
}

/** Cases that left in one outermost container. */
export interface PackageOfEvidence {
  packageCode: string | null
  cases: CaseOfEvidence[]
  sightings: number
}

/** What one shipment brought to where it was seen. */
export interface ShipmentOfEvidence {
  key: string
  orderNo: string | null
  deliveryNo: string | null
  shippedAt: string | null
  warehouseCode: string | null
  carrier: string | null
  waybillNo: string | null
  packages: PackageOfEvidence[]
  sightings: number
  /** Sightings whose code was itself scanned when it was shipped, not only what it lay in. */
  verified: number
}

function grouped<T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const group = groups.get(key(row))
    if (group) group.push(row)
    else groups.set(key(row), [row])
  }
  return groups
}

function packageOf(rows: EvidenceRow[]): PackageOfEvidence {
  const cases = [...grouped(rows, (row) => row.case_code ?? '').values()].map((sightings) => ({
    caseCode: sightings[0]!.case_code,
    sightings: [...sightings].sort((a, b) => a.sighted_at.localeCompare(b.sighted_at)),
  }))
  cases.sort((a, b) => b.sightings.length - a.sightings.length)
  return { packageCode: rows[0]!.package_code, cases, sightings: rows.length }
}

/** Groups the evidence by shipment, the one that most was seen of first. */
export function shipmentsOf(rows: readonly EvidenceRow[]): ShipmentOfEvidence[] {
  const groups = grouped(rows, (row) => row.delivery_no ?? row.ship_event_id ?? '')
  const shipments = [...groups].map(([key, group]) => {
    const first = group[0]!
    const packages = [...grouped(group, (row) => row.package_code ?? '').values()].map(packageOf)
    packages.sort((a, b) => b.sightings - a.sightings)
    return {
      key,
      orderNo: first.order_no,
      deliveryNo: first.delivery_no,
      shippedAt: first.shipped_at,
      warehouseCode: first.warehouse_code,
      carrier: first.carrier,
      waybillNo: first.waybill_no,
      packages,
      sightings: group.length,
      verified: group.filter((row) => row.is_ship_inferred === false).length,
    }
  })
  return shipments.sort((a, b) => b.sightings - a.sightings)
}

/** A link of the way back from what was seen to the order. */
export interface ChainLink {
  kind: 'item' | 'case' | 'package' | 'shipment' | 'order'
  code: string | null
  /** `null` for links that no scan stands for: documents of the ERP. */
  evidence: 'verified' | 'inferred' | null
}

/** The way of one sighting back to the order; links that are missing stay in it, as missing. */
export function chainOf(row: EvidenceRow): ChainLink[] {
  const links: ChainLink[] = []
  // The sighting is a scan of this very code.
  if (row.level !== 'case' && row.level !== 'pallet') links.push({ kind: 'item', code: row.code, evidence: 'verified' })
  if (row.level !== 'pallet') {
    const isSeen = row.case_code === row.code
    links.push({ kind: 'case', code: row.case_code, evidence: isSeen ? 'verified' : 'inferred' })
  }
  if (row.package_code !== row.case_code || row.package_code === null) {
    links.push({ kind: 'package', code: row.package_code, evidence: row.package_code === row.code ? 'verified' : 'inferred' })
  }
  const shipped = row.is_ship_inferred === null ? null : row.is_ship_inferred ? 'inferred' : 'verified'
  links.push({ kind: 'shipment', code: row.delivery_no ?? row.ship_event_id, evidence: shipped })
  links.push({ kind: 'order', code: row.order_no, evidence: null })
  return links
}
