import type { Query } from '@/api/request'
import { levelBelow, levelOf, prefixOf, type RegionLevel } from '@/map/regions'
import type { Measure } from './measures'
import { readMeasure } from './measures'
import { type Period, readPeriod } from './period'

/** Words of the address of a sales page, and what holds without them. */
export const SALES_WORDS = {
  region: '', measure: 'sold_qty', grain: 'month', from: '', to: '', regions: 'then', dealer_code: '', product_code: '',
  channel: '', layer: '', tab: 'ranking',
}
export type SalesWords = typeof SALES_WORDS

/** What a sales page asks. */
export interface SalesQuestion {
  region: string
  measure: Measure
  period: Period
  regions: 'then' | 'today'
  dealer_code: string
  product_code: string
  channel: string
}

export function readQuestion(words: Readonly<SalesWords>, now?: string): SalesQuestion {
  return {
    region: /^\d{6}$/.test(words.region) ? words.region : '',
    measure: readMeasure(words.measure),
    period: readPeriod(words, now),
    regions: words.regions === 'today' ? 'today' : 'then',
    dealer_code: words.dealer_code,
    product_code: words.product_code,
    channel: words.channel,
  }
}

/** The level whose rows are shown: one below the place, or its own where there is nothing below. */
export const shownLevel = (region: string): RegionLevel => levelBelow(region) ?? levelOf(region)

const FILTERS = ['dealer_code', 'product_code', 'channel'] as const

/** The words of `regional-sales` for every place at a level; dimensions that are filtered must be asked for. */
export function baseQuery(question: SalesQuestion, level: RegionLevel, by: readonly string[] = []): Query {
  const filtered = FILTERS.filter((name) => question[name] !== '')
  return {
    level,
    grain: question.period.grain,
    from: question.period.from,
    to: question.period.to,
    regions: question.regions,
    by: [...new Set([...filtered, ...by])],
    ...Object.fromEntries(filtered.map((name) => [name, question[name]])),
  }
}

/** `regional-sales-change` compares under today's codes only. */
export function changeQuery(question: SalesQuestion, level: RegionLevel): Query {
  return { ...baseQuery(question, level), regions: undefined }
}

/** The words that give a file the rows that are on the page and no others. */
export function exportQuery(query: Query, region: string): Query {
  return region === '' ? query : { ...query, region_code: `${prefixOf(region)}*` }
}
