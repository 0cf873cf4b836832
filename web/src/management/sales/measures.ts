/** What a sales page can show, by the name of its column in `regional-sales`. */
export const MEASURES = [
  'sold_qty', 'shipped_qty', 'ordered_qty', 'ordered_amount', 'returned_qty', 'channel_stock',
] as const
export type Measure = (typeof MEASURES)[number]

/** Those that `regional-sales-change` compares with earlier periods. */
const COMPARED: readonly Measure[] = ['sold_qty', 'shipped_qty', 'ordered_qty', 'ordered_amount']

export const isCompared = (measure: Measure): boolean => COMPARED.includes(measure)

export const readMeasure = (word: string): Measure => MEASURES.find((measure) => measure === word) ?? 'sold_qty'
