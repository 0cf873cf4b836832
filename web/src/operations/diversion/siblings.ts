/** Items of a case's shipments that are still out there, by where they are: a list of places to inspect. */

/** A row of the report `case-siblings`. */
export interface SiblingRow {
  code: string
  relation: 'package' | 'shipment'
  package_code: string | null
  delivery: string | null
  order_no: string | null
  shipped_at: string | null
  state: string
  held_by: string | null
  held_by_name: string | null
  held_in_region: string | null
  held_since: string | null
  store_code: string | null
  store_name: string | null
  store_region: string | null
  container_code: string | null
  last_event_type: string | null
  last_event_at: string | null
}

/** A place where siblings are: a store, or what a dealer has in stock or on its way. */
export interface SiblingPlace {
  key: string
  state: string
  holder: string | null
  holderName: string | null
  store: string | null
  storeName: string | null
  region: string | null
  /** Items that left in one package with an item that was seen: the likelier ones to have gone the same way. */
  samePackage: number
  items: number
  lastEventAt: string | null
}

/** The place of one sibling. */
export function placeKey(row: SiblingRow): string {
  return [row.state, row.held_by ?? '', row.store_code ?? ''].join('|')
}

/** Places with the most items of the packages that were seen first. */
export function placesOf(rows: readonly SiblingRow[]): SiblingPlace[] {
  const places = new Map<string, SiblingPlace>()
  for (const row of rows) {
    const key = placeKey(row)
    const place = places.get(key) ?? {
      key, state: row.state, holder: row.held_by, holderName: row.held_by_name, store: row.store_code, storeName: row.store_name,
      region: row.store_region ?? row.held_in_region, samePackage: 0, items: 0, lastEventAt: null,
    }
    places.set(key, place)
    place.items += 1
    if (row.relation === 'package') place.samePackage += 1
    if (row.last_event_at && (place.lastEventAt ?? '') < row.last_event_at) place.lastEventAt = row.last_event_at
  }
  return [...places.values()].sort((a, b) => b.samePackage - a.samePackage || b.items - a.items)
}
