import { computed, onScopeDispose, type Ref, ref } from 'vue'
import { type Row, wholeReport } from '@/api/reports'
import { numberOf } from '@/shell/table/format'
import { keepRows } from './keptRows'
import type { Measure } from './measures'
import { type Period, periodOf, today, trendOf } from './period'
import { baseQuery, type SalesQuestion, type SalesWords } from './question'
import { addedBy, placeQuery } from './useTrend'

/** The last month that has something of a measure; none: nothing was recorded in a year. */
export function lastMonthWith(rows: readonly Row[], measure: Measure): string | null {
  const months = addedBy(rows, 'period').filter((row) => (numberOf(row[measure]) ?? 0) > 0).map((row) => String(row.period))
  return months.sort().at(-1) ?? null
}

/** Twelve months up to the end of this one, so that each month's rows are those that it has when asked for alone. */
export function yearUpTo(day: string): Period {
  const month = periodOf('month', day)
  return { ...trendOf(month, day), to: month.to }
}

/**
 * An address without days means this month; where this month has nothing yet, the last one that has. An address with
 * days is left as it is. Until the period is settled, nothing should be drawn: it would be drawn twice.
 */
export function useStartPeriod(question: Ref<SalesQuestion>, words: Ref<Readonly<SalesWords>>, change: (words: Partial<SalesWords>) => unknown) {
  const hasPeriod = () => words.value.from !== '' || words.value.grain !== 'month'
  const isFound = ref(false)
  /** Whether the period is that of the address for good. */
  const isSettled = computed(() => isFound.value || hasPeriod())
  let isOver = false
  onScopeDispose(() => { isOver = true })

  async function search(): Promise<void> {
    const asked = question.value
    const thisMonth = today().slice(0, 7)
    const query = placeQuery({ ...asked, period: yearUpTo(today()) })
    // Without an answer this month stands; the page itself tells what is wrong.
    const page = await wholeReport('regional-sales', query).catch(() => null)
    if (isOver || hasPeriod() || !page) return
    const month = lastMonthWith(page.rows, asked.measure) ?? thisMonth
    if (asked.region === '') {
      const figures = baseQuery({ ...asked, period: periodOf('month', `${month}-01`) }, 'province')
      keepRows('regional-sales', figures, page.rows.filter(({ period }) => period === month))
    }
    if (month !== thisMonth) await change({ from: `${month}-01` })
  }
  if (!isSettled.value) void search().then(() => { isFound.value = true })
  return { isSettled }
}
