import type { Cell, Row } from '@/api/reports'
import { numberOf } from '@/shell/table/format'
import { liesIn } from '@/map/regions'
import { differenceOf, sumOf } from './decimal'
import type { Measure } from './measures'

/** One place in map and ranking alike. `code` '' is what is known to lie in the place looked at, but not where. */
export interface Figure {
  code: string
  name: string
  value: Cell
  share: number | null
  previousChange: Cell
  yearChange: Cell
  isPartial: boolean
}

export interface FigureSet {
  /** In order of rank, the largest first. */
  figures: Figure[]
  total: string
  previousChange: number | null
  yearChange: number | null
  isPartial: boolean
}

/** Rows of both reports at the level below the place looked at, and those of the place itself. */
export interface FigureRows {
  parts: readonly Row[]
  changes: readonly Row[]
  /** The row of the place itself; none for the country, whose rows hold everything. */
  whole: Row | null
  wholeChange: Row | null
}

const codeOf = (row: Row) => String(row.region_code ?? '')

/** (now − then) ÷ then, empty where nothing is known of then or it was nothing. */
function changeOf(now: number | null, then: number | null): number | null {
  return now === null || then === null || then === 0 ? null : now / then - 1
}

/** A total of a column; empty as soon as one part is not known, because a sum of the rest would be a wrong past. */
function knownSum(rows: readonly Row[], column: string): number | null {
  if (rows.length === 0 || rows.some((row) => row[column] === null || row[column] === undefined)) return null
  return Number(sumOf(rows.map((row) => row[column])))
}

/** The figures of one measure in one place: what is drawn and what is ranked is this same array. */
export function figuresOf(rows: FigureRows, place: string, measure: Measure): FigureSet {
  const within = rows.parts.filter((row) => place === '' || (codeOf(row) !== '' && liesIn(codeOf(row), place)))
  const changes = new Map(rows.changes.map((row) => [codeOf(row), row]))
  const total = place === '' ? sumOf(within.map((row) => row[measure])) : sumOf([rows.whole?.[measure] ?? null])
  const all = Number(total)
  const figure = (code: string, name: string, value: Cell, change: Row | undefined): Figure => {
    const number = numberOf(value)
    return {
      code,
      name,
      value,
      share: number === null || all === 0 ? null : number / all,
      previousChange: change?.[`${measure}_change`] ?? null,
      yearChange: change?.[`${measure}_year_change`] ?? null,
      isPartial: change?.is_partial === true,
    }
  }
  const figures = within.map((row) =>
    figure(codeOf(row), String(row.region_name ?? ''), row[measure] ?? null, changes.get(codeOf(row))),
  )
  if (place !== '' && rows.whole) {
    const rest = differenceOf(rows.whole[measure] ?? null, sumOf(within.map((row) => row[measure])))
    if (Number(rest) !== 0) figures.push(figure('', '', rest, undefined))
  }
  figures.sort((one, other) => (numberOf(other.value) ?? -Infinity) - (numberOf(one.value) ?? -Infinity) || (one.code || 'z').localeCompare(other.code || 'z'))
  if (place === '') {
    const now = knownSum(rows.changes, measure)
    return {
      figures,
      total,
      previousChange: changeOf(now, knownSum(rows.changes, `${measure}_previous`)),
      yearChange: changeOf(now, knownSum(rows.changes, `${measure}_year_before`)),
      isPartial: rows.changes.some((row) => row.is_partial === true),
    }
  }
  return {
    figures,
    total,
    previousChange: numberOf(rows.wholeChange?.[`${measure}_change`]),
    yearChange: numberOf(rows.wholeChange?.[`${measure}_year_change`]),
    isPartial: rows.wholeChange?.is_partial === true,
  }
}

/** How much of a measure is known down to each level; what is not known at all is the rest of the province level. */
export function knownShares(
  levels: Partial<Record<'province' | 'city' | 'county', readonly Row[]>>,
  measure: Measure,
): { level: string; share: number }[] {
  const shareOf = (rows: readonly Row[]) => {
    const all = Number(sumOf(rows.map((row) => row[measure])))
    const unknown = Number(sumOf(rows.filter((row) => codeOf(row) === '').map((row) => row[measure])))
    return all === 0 ? 0 : 1 - unknown / all
  }
  const { province, city, county } = levels
  if (!province || !city || !county || Number(sumOf(province.map((row) => row[measure]))) === 0) return []
  const [byProvince, byCity, byCounty] = [shareOf(province), shareOf(city), shareOf(county)]
  return [
    { level: 'county', share: byCounty },
    { level: 'city', share: Math.max(0, byCity - byCounty) },
    { level: 'province', share: Math.max(0, byProvince - byCity) },
    { level: 'unknown', share: 1 - byProvince },
  ]
}
