import { type Ref, ref, shallowRef, watch } from 'vue'
import { type Row, wholeReport } from '@/api/reports'
import type { Query } from '@/api/request'
import { levelOf } from '@/map/regions'
import { sumOf } from './decimal'
import { MEASURES } from './measures'
import { trendOf } from './period'
import { baseQuery, type SalesQuestion } from './question'

/** Words that narrow a report to the place looked at. */
export function placeQuery(question: SalesQuestion, by: readonly string[] = []): Query {
  const level = question.region === '' ? 'province' : levelOf(question.region)
  const query = baseQuery(question, level, by)
  return question.region === '' ? query : { ...query, region_code: question.region }
}

/** Rows that agree in a column, added up measure by measure, exactly. */
export function addedBy(rows: readonly Row[], column: string): Row[] {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = String(row[column] ?? '')
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return [...groups].map(([key, group]) => ({
    [column]: key,
    ...Object.fromEntries(MEASURES.map((measure) => [measure, sumOf(group.map((row) => row[measure]))])),
  }))
}

/** A report of the place, added up by a column, whenever the question changes once it is settled. */
function useAdded(question: Ref<SalesQuestion>, isSettled: Ref<boolean>, column: string, queryOf: (question: SalesQuestion) => Query) {
  const rows = shallowRef<Row[] | null>(null)
  const error = ref<unknown>(null)
  let turn = 0
  async function load(): Promise<void> {
    const mine = ++turn
    error.value = null
    try {
      const page = await wholeReport('regional-sales', queryOf(question.value))
      if (mine === turn) rows.value = addedBy(page.rows, column)
    } catch (failure) {
      if (mine === turn) error.value = failure
    }
  }
  // The measure chooses a column of the rows; it asks for none.
  watch(() => (isSettled.value ? JSON.stringify({ ...question.value, measure: '' }) : null), (key) => {
    if (key !== null) void load()
  }, { immediate: true })
  return { rows, error, reload: load }
}

export const useTrend = (question: Ref<SalesQuestion>, isSettled: Ref<boolean>) =>
  useAdded(question, isSettled, 'period', (asked) => placeQuery({ ...asked, period: trendOf(asked.period) }))

export const useBreakdown = (question: Ref<SalesQuestion>, by: 'dealer_code' | 'product_code') =>
  useAdded(question, ref(true), by, (asked) => placeQuery(asked, [by]))
