import { onMounted, type Ref, ref } from 'vue'
import { wholeReport } from '@/api/reports'
import { levelOf } from '@/map/regions'
import { numberOf } from '@/shell/table/format'
import { periodOf, today, trendOf } from './period'
import { baseQuery, readQuestion, type SalesWords } from './question'
import { addedBy } from './useTrend'
import type { Measure } from './measures'
import type { Row } from '@/api/reports'

/** The last month that has something of a measure; none: nothing was recorded in a year. */
export function lastMonthWith(rows: readonly Row[], measure: Measure): string | null {
  const months = addedBy(rows, 'period').filter((row) => (numberOf(row[measure]) ?? 0) > 0).map((row) => String(row.period))
  return months.sort().at(-1) ?? null
}

/**
 * An address without days means this month; where this month has nothing yet, the last one that has. An address with
 * days is left as it is.
 */
export function useStartPeriod(words: Ref<Readonly<SalesWords>>, change: (words: Partial<SalesWords>) => unknown) {
  /** Whether the period is that of the address for good. */
  const isSettled = ref(false)
  onMounted(async () => {
    await start()
    isSettled.value = true
  })

  async function start(): Promise<void> {
    if (words.value.from !== '' || words.value.grain !== 'month') return
    const question = readQuestion(words.value)
    const level = question.region ? levelOf(question.region) : 'province'
    const period = trendOf(periodOf('month', today()))
    // Without an answer this month stands; the page itself tells what is wrong.
    const page = await wholeReport('regional-sales', baseQuery({ ...question, period }, level)).catch(() => null)
    const month = page && lastMonthWith(page.rows, question.measure)
    if (month && words.value.from === '' && month !== today().slice(0, 7)) await change({ from: `${month}-01` })
  }
  return { isSettled }
}
