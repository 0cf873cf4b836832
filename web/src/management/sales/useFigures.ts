import { computed, type Ref, ref, shallowRef, watch } from 'vue'
import { type Row, wholeReport } from '@/api/reports'
import type { Query } from '@/api/request'
import { queryText } from '@/api/request'
import { levelOf, type RegionLevel } from '@/map/regions'
import { figuresOf, type FigureRows, knownShares } from './figures'
import { isCompared } from './measures'
import { baseQuery, changeQuery, type SalesQuestion, shownLevel } from './question'

/** Answers kept: looking into a place and back asks nothing again. */
const KEPT_MAX = 24

const kept = new Map<string, Promise<Row[]>>()

/** The rows of a report for the whole country, asked for once. */
function rowsOf(report: string, query: Query): Promise<Row[]> {
  const key = report + queryText(query)
  let known = kept.get(key)
  if (!known) {
    known = wholeReport(report, query).then(({ rows }) => rows)
    // A question that failed is asked again next time.
    known.catch(() => kept.delete(key))
    kept.set(key, known)
    const [oldest] = kept.keys()
    if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
  }
  return known
}

/** Forgets every answer, so that the next question is asked of the hub. */
export const forgetFigures = (): void => kept.clear()

const figureRows = (question: SalesQuestion, level: RegionLevel) => rowsOf('regional-sales', baseQuery(question, level))
const changeRows = (question: SalesQuestion, level: RegionLevel) =>
  isCompared(question.measure) ? rowsOf('regional-sales-change', changeQuery(question, level)) : Promise.resolve([])

/**
 * Figures of the place that is looked at. Whole levels are fetched and cut here, so that looking into a place is
 * instant and the parts always stand beside the place they are parts of.
 */
export function useFigures(question: Ref<SalesQuestion>) {
  const rows = shallowRef<FigureRows & { key: string; region: string; isPastKnown: boolean } | null>(null)
  const levels = shallowRef<Partial<Record<RegionLevel, Row[]>>>({})
  const error = ref<unknown>(null)
  /** The comparison failed; the figures themselves stand. */
  const changesError = ref<unknown>(null)
  const isLoading = ref(true)
  /** Everything below the place was fetched ahead. */
  const isAhead = ref(false)
  let turn = 0

  async function load(): Promise<void> {
    const mine = ++turn
    const asked = question.value
    const level = shownLevel(asked.region)
    isLoading.value = true
    isAhead.value = false
    error.value = changesError.value = null
    try {
      const own = asked.region === '' ? null : levelOf(asked.region)
      const [parts, wholes] = await Promise.all([
        figureRows(asked, level), own ? figureRows(asked, own) : Promise.resolve([]),
      ])
      if (mine !== turn) return
      const find = (candidates: readonly Row[]) => candidates.find((row) => row.region_code === asked.region) ?? null
      const base = { parts, changes: [] as Row[], whole: find(wholes), wholeChange: null as Row | null, key: JSON.stringify(asked), region: asked.region, isPastKnown: false }
      rows.value = base
      isLoading.value = false
      await compare(asked, mine, base)
      // What could not be fetched ahead is asked for, and told, when somebody looks there.
      await preload(asked, mine).catch(() => undefined)
      if (mine === turn) isAhead.value = true
    } catch (failure) {
      if (mine === turn) error.value = failure
    } finally {
      if (mine === turn) isLoading.value = false
    }
  }

  /** Comparisons follow: the map need not wait for the past. */
  async function compare(asked: SalesQuestion, mine: number, base: NonNullable<typeof rows.value>): Promise<void> {
    try {
      const [changes, wholeChanges] = await Promise.all([
        changeRows(asked, shownLevel(asked.region)),
        asked.region === '' ? Promise.resolve([]) : changeRows(asked, levelOf(asked.region)),
      ])
      const wholeChange = wholeChanges.find((row) => row.region_code === asked.region) ?? null
      if (mine === turn) rows.value = { ...base, changes, wholeChange, isPastKnown: true }
    } catch (failure) {
      if (mine === turn) changesError.value = failure
    }
  }

  /** The levels below, one after the other, once what is shown stands. */
  async function preload(asked: SalesQuestion, mine: number): Promise<void> {
    const all: Partial<Record<RegionLevel, Row[]>> = {}
    for (const level of ['province', 'city', 'county'] as const) {
      all[level] = await figureRows(asked, level)
      if (mine !== turn) return
    }
    levels.value = all
    if (shownLevel(asked.region) === 'province') await changeRows(asked, 'city')
  }

  watch(() => JSON.stringify(question.value), load, { immediate: true })

  const set = computed(() => (rows.value ? figuresOf(rows.value, rows.value.region, question.value.measure) : null))
  const known = computed(() => knownShares(levels.value, question.value.measure))
  const reload = () => {
    forgetFigures()
    return load()
  }
  /** The place whose figures stand; behind the address while the next ones are on their way. */
  const place = computed(() => rows.value?.region ?? '')
  /** The question whose figures stand, and whether the past stands beside them. */
  const standing = computed(() => rows.value?.key ?? '')
  const isPastKnown = computed(() => rows.value?.isPastKnown ?? false)
  return { set, place, standing, isPastKnown, isAhead, known, error, changesError, isLoading, reload }
}
