/**
 * The sortable sheet of key data elements of shipping (21 CFR 1.1340): one line for each lot, product, consignee and
 * document, out of the recall's codes. Only items count: a case and what lies in it are one quantity.
 */
import { CsvReader } from './csv'

/** Columns of the sheet, in the order the rule lists them. */
export const KEY_DATA_COLUMNS = [
  'traceability_lot_code', 'quantity', 'unit', 'product_code', 'product_description', 'ship_to', 'ship_to_name', 'ship_from',
  'ship_date', 'reference_type', 'reference_no', 'verified', 'inferred',
] as const

/** A line of the sheet. */
export type KeyDataLine = Record<(typeof KEY_DATA_COLUMNS)[number], string | number>

/** What makes a line: codes alike in all of these are one quantity. */
const KEYS = [
  'traceability_lot_code', 'unit', 'product_code', 'product_description', 'ship_to', 'ship_from', 'ship_date', 'reference_type',
  'reference_no',
] as const

/** Adds codes up to lines while they come in. */
export class KeyDataSheet {
  private reader = new CsvReader()
  private header: string[] | null = null
  private sums = new Map<string, KeyDataLine>()
  /** Codes read so far, containers included. */
  codes = 0

  /** Takes a piece of the codes' CSV. */
  push(piece: string): void {
    for (const record of this.reader.push(piece)) this.take(record)
  }

  /** The lines, sorted by lot, consignee and date. Units that never left the factory have no consignee and no line. */
  lines(): KeyDataLine[] {
    for (const record of this.reader.end()) this.take(record)
    const text = (line: KeyDataLine) => `${line.traceability_lot_code}\u0000${line.ship_to}\u0000${line.ship_date}\u0000${line.reference_no}`
    return [...this.sums.values()].sort((a, b) => (text(a) < text(b) ? -1 : 1))
  }

  private take(record: string[]): void {
    if (!this.header) {
      this.header = record
      return
    }
    this.codes += 1
    const cell = (name: string) => record[this.header!.indexOf(name)] ?? ''
    if (cell('level') !== 'item' || cell('ship_to') === '') return
    const keys = KEYS.map(cell)
    const key = keys.join('\u0000')
    let line = this.sums.get(key)
    if (!line) {
      line = Object.fromEntries(KEY_DATA_COLUMNS.map((name) => [name, ''])) as KeyDataLine
      KEYS.forEach((name, place) => { line![name] = keys[place]! })
      Object.assign(line, { ship_to_name: cell('dealer_name'), quantity: 0, verified: 0, inferred: 0 })
      this.sums.set(key, line)
    }
    line.quantity = Number(line.quantity) + Number(cell('quantity') || 1)
    const evidence = cell('evidence') === 'inferred' ? 'inferred' : 'verified'
    line[evidence] = Number(line[evidence]) + 1
  }
}
