import { computed, onBeforeUnmount, ref } from 'vue'
import type { Reached } from './clock'

/** Milliseconds between two looks at the clock: tenths are shown, faster is not seen. */
const TICK_MS = 100

/** A clock that runs from the start of the search until it is stopped; what was reached is noted on it. */
export function useRecallClock() {
  const startedAt = ref<number | null>(null)
  const now = ref(0)
  const isRunning = ref(false)
  const reached = ref<Reached[]>([])
  let timer: ReturnType<typeof setInterval> | undefined

  const elapsed = computed(() => (startedAt.value === null ? 0 : Math.max(0, now.value - startedAt.value)))
  const look = () => { now.value = Date.now() }

  function stop(): void {
    clearInterval(timer)
    look()
    isRunning.value = false
  }
  function start(): void {
    clearInterval(timer)
    startedAt.value = Date.now()
    look()
    reached.value = []
    isRunning.value = true
    timer = setInterval(look, TICK_MS)
  }
  /** Notes that something was reached now, or at a time after the start. */
  function note(what: string, afterMs?: number): void {
    if (startedAt.value === null) return
    reached.value = [...reached.value, { what, afterMs: afterMs ?? Date.now() - startedAt.value }]
  }

  onBeforeUnmount(() => clearInterval(timer))
  return { startedAt, elapsed, isRunning, reached, start, stop, note }
}
