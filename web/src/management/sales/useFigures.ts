import { computed, type Ref, ref, shallowRef, watch } from 'vue'
import type { Row } from '@/api/reports'
import { levelOf, type RegionLevel } from '@/map/regions'
import { figuresOf, type FigureRows, knownShares } from './figures'
import { forgetRows, rowsOf } from './keptRows'
import { isCompared } from './measures'
import { baseQuery, changeQuery, type SalesQuestion, shownLevel } from './question'

const figureRows = (question: SalesQuestion, level: RegionLevel) => rowsOf('regional-sales', baseQuery(question, level))
const changeRows = (question: SalesQuestion, level: RegionLevel) =>
  isCompared(question.measure) ? rowsOf('regional-sales-change', changeQuery(question, level)) : Promise.resolve([])

/** Rows at the level that is shown, and at the level of the place itself. */
const rowsAround = (question: SalesQuestion) => Promise.all([
  figureRows(question, shownLevel(question.region)),
  question.region === '' ? Promise.resolve([]) : figureRows(question, levelOf(question.region)),
])

/** What rows are asked by. The measure chooses a column of them; it decides only whether they are compared. */
export const rowsKey = (question: SalesQuestion): string => JSON.stringify({ ...question, measure: isCompared(question.measure) })

interface Standing extends FigureRows {
  asked: SalesQuestion
  isPastKnown: boolean
}

/**
 * Figures of the place that is looked at. Whole levels are fetched and cut here, so that looking into a place is
 * instant and the parts always stand beside the place they are parts of. Nothing is shown before the question is
 * settled.
 */
export function useFigures(question: Ref<SalesQuestion>, isSettled: Ref<boolean>) {
  const rows = shallowRef<Standing | null>(null)
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
    isLoading.value = true
    isAhead.value = false
    error.value = changesError.value = null
    try {
      const [parts, wholes] = await rowsAround(asked)
      if (mine !== turn) return
      const whole = wholes.find((row) => row.region_code === asked.region) ?? null
      // The past of the same question stands until it is known anew.
      const before = rows.value && rowsKey(rows.value.asked) === rowsKey(asked) ? rows.value : null
      const { changes, wholeChange, isPastKnown } = before ?? { changes: [], wholeChange: null, isPastKnown: false }
      rows.value = { asked, parts, whole, changes, wholeChange, isPastKnown }
      isLoading.value = false
      await compare(asked, mine)
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
  async function compare(asked: SalesQuestion, mine: number): Promise<void> {
    try {
      const [changes, wholeChanges] = await Promise.all([
        changeRows(asked, shownLevel(asked.region)),
        asked.region === '' ? Promise.resolve([]) : changeRows(asked, levelOf(asked.region)),
      ])
      const wholeChange = wholeChanges.find((row) => row.region_code === asked.region) ?? null
      if (mine === turn && rows.value) rows.value = { ...rows.value, changes, wholeChange, isPastKnown: true }
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

  watch(() => (isSettled.value ? rowsKey(question.value) : null), (key) => {
    if (key !== null) void load()
    // Most often the period stays, and these rows are here once it is known to. Those of the country come with the search.
    else if (question.value.region !== '') void rowsAround(question.value).catch(() => undefined)
  }, { immediate: true })

  const set = computed(() => (rows.value ? figuresOf(rows.value, rows.value.asked.region, question.value.measure) : null))
  const known = computed(() => knownShares(levels.value, question.value.measure))
  const reload = () => {
    forgetRows()
    return load()
  }
  /** The place whose figures stand; behind the address while the next ones are on their way. */
  const place = computed(() => rows.value?.asked.region ?? '')
  /** The question whose figures stand, and whether the past stands beside them. */
  const standing = computed(() => (rows.value ? JSON.stringify({ ...rows.value.asked, measure: question.value.measure }) : ''))
  const isPastKnown = computed(() => rows.value?.isPastKnown ?? false)
  return { set, place, standing, isPastKnown, isAhead, known, error, changesError, isLoading, reload }
}
