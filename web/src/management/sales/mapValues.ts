import { numberOf } from '@/shell/table/format'
import type { Figure } from './figures'

/** What a map is coloured by, and the question it answers. */
export interface MapValues {
  of: string
  byCode: ReadonlyMap<string, number | null>
}

/**
 * The values of figures; those of before if they are the same of the same question, so that a comparison that arrives
 * later draws no map. The question counts: a map says that it was drawn of each.
 */
export function mapValues(figures: readonly Figure[], of: string, before?: MapValues): MapValues {
  const byCode = new Map(figures.filter(({ code }) => code).map(({ code, value }) => [code, numberOf(value)]))
  const isSame = before?.of === of && before.byCode.size === byCode.size &&
    [...byCode].every(([code, value]) => before.byCode.has(code) && before.byCode.get(code) === value)
  return isSame ? before : { of, byCode }
}
