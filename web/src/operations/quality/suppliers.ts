/** The report `supplier-quality` by supplier. */
import { amount, share, type Cell } from '../figures'

/** A row of the report: one lot. */
export interface SupplierLot {
  supplier_code: string | null
  material_code: string | null
  lot_no: string | null
  work_orders: Cell
  items: Cell
  failed_inspections: Cell
  returned: Cell
  complaints: Cell
  failed_batches?: Cell
}

/** A supplier's lots together. An item made of two of its lots counts with each, as it does in the report. */
export interface SupplierLine {
  supplier: string
  lots: number
  items: number
  failed: number
  returned: number
  complaints: number
  returnRate: number | null
}

/** Suppliers with the most failures and complaints first, then by their share of returns. */
export function supplierLines(rows: readonly SupplierLot[]): SupplierLine[] {
  const lines = new Map<string, SupplierLine>()
  for (const row of rows) {
    const supplier = row.supplier_code ?? ''
    const line = lines.get(supplier) ?? { supplier, lots: 0, items: 0, failed: 0, returned: 0, complaints: 0, returnRate: null }
    lines.set(supplier, line)
    line.lots += 1
    line.items += amount(row.items)
    line.failed += amount(row.failed_inspections) + amount(row.failed_batches)
    line.returned += amount(row.returned)
    line.complaints += amount(row.complaints)
  }
  for (const line of lines.values()) line.returnRate = share(line.returned, line.items)
  return [...lines.values()].sort((a, b) => b.failed + b.complaints - (a.failed + a.complaints) || (b.returnRate ?? 0) - (a.returnRate ?? 0))
}

/** Lots with failures and complaints first, then by their share of returns. */
export function worseLot(one: SupplierLot, other: SupplierLot): number {
  const failures = (lot: SupplierLot) => amount(lot.failed_inspections) + amount(lot.failed_batches) + amount(lot.complaints)
  const returns = (lot: SupplierLot) => share(amount(lot.returned), amount(lot.items)) ?? 0
  return failures(other) - failures(one) || returns(other) - returns(one)
}
