import { expect, it } from 'vitest'
import { placesOf, type SiblingRow } from './siblings'

const row = (over: Partial<SiblingRow>): SiblingRow => ({
  code: 'A', relation: 'shipment', package_code: 'P', delivery: 'DN', order_no: 'SO', shipped_at: null, state: 'dealer_stock', held_by: 'D1', held_by_name: '鸿运',
  held_in_region: '511503', held_since: null, store_code: null, store_name: null, store_region: null, container_code: null, last_event_type: 'receive',
  last_event_at: '2026-02-26T22:21:04+08:00', ...over,
})

it('lists places, those with items of packages that were seen first', () => {
  const inStore = { state: 'in_store', store_code: 'S1', store_name: '一店', store_region: '210213', relation: 'package' as const }
  const places = placesOf([row({}), row({}), row({}), row(inStore), row({ ...inStore, relation: 'shipment', last_event_at: '2026-03-01T00:00:00+08:00' })])
  expect(places.map((p) => [p.state, p.storeName, p.region, p.samePackage, p.items])).toEqual([
    ['in_store', '一店', '210213', 1, 2],
    ['dealer_stock', null, '511503', 0, 3],
  ])
  expect(places[0]!.lastEventAt).toBe('2026-03-01T00:00:00+08:00')
})
