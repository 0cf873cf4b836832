import { expect, it } from 'vitest'
import { supplierLines, type SupplierLot, worseLot } from './suppliers'

const lot = (supplier_code: string | null, items: number, returned: number, failed: number): SupplierLot =>
  ({ supplier_code, material_code: 'M', lot_no: 'L', work_orders: 1, items, failed_inspections: failed, returned: String(returned), complaints: 0 })

it('adds a supplier up, failures first, then returns', () => {
  const lines = supplierLines([lot('V1', 100, 1, 0), lot('V2', 100, 9, 0), lot('V1', 300, 3, 0), lot('V3', 10, 0, 1), lot(null, 0, 0, 0)])
  expect(lines.map((l) => [l.supplier, l.lots, l.returnRate])).toEqual([['V3', 1, 0], ['V2', 1, 0.09], ['V1', 2, 0.01], ['', 1, null]])
})

it('puts lots with failures before lots with returns', () => {
  const lots = [lot('V1', 100, 1, 0), lot('V2', 100, 9, 0), lot('V3', 100, 0, 1), lot('V4', 0, 0, 0)]
  expect(lots.sort(worseLot).map((l) => l.supplier_code)).toEqual(['V3', 'V2', 'V1', 'V4'])
})
