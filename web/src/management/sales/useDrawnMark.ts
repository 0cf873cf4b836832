import { computed, nextTick, type Ref, ref } from 'vue'
import type { SalesQuestion } from './question'

/**
 * What map and ranking show, once both are drawn; nothing while either is behind the address. It stands in the
 * document for whoever measures how long that takes (`e2e/measure`).
 */
export function useDrawnMark(question: Ref<SalesQuestion>, standing: Ref<string>, place: Ref<string>, isSettled: Ref<boolean>) {
  const painted = ref('')

  /** A map was drawn, of the figures that stand now. */
  async function markDrawn(of: string): Promise<void> {
    if (of !== place.value) return
    const figures = standing.value
    // The ranking is in the document at the end of the turn in which the map was drawn.
    await nextTick()
    painted.value = figures
  }

  const mark = computed(() => {
    if (!isSettled.value || painted.value !== JSON.stringify(question.value)) return undefined
    const { region, measure, period } = question.value
    return [region || 'country', measure, period.grain, period.from, period.to].join(' ')
  })
  return { mark, markDrawn }
}
