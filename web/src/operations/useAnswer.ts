import { type Ref, ref, shallowRef, watch } from 'vue'

/** What a page asked for, as `PageState` draws it. */
export interface Answer<T> {
  value: Ref<T | null>
  error: Ref<unknown>
  isLoading: Ref<boolean>
  load: () => Promise<void>
}

/**
 * Asks whenever what `of` names has changed; `ask` answers `null` where there is nothing to ask. A later question takes
 * the place of an earlier one, whichever is answered first.
 */
export function useAnswer<T>(of: () => unknown, ask: (signal: AbortSignal) => Promise<T> | null): Answer<T> {
  const value = shallowRef<T | null>(null) as Ref<T | null>
  const error = shallowRef<unknown>(null)
  const isLoading = ref(false)
  let asking: AbortController | null = null

  async function load(): Promise<void> {
    asking?.abort()
    const mine = (asking = new AbortController())
    error.value = null
    const promise = ask(mine.signal)
    if (!promise) {
      value.value = null
      isLoading.value = false
      return
    }
    isLoading.value = true
    try {
      const answer = await promise
      if (mine === asking) value.value = answer
    } catch (failure) {
      if (mine === asking) error.value = failure
    } finally {
      if (mine === asking) isLoading.value = false
    }
  }

  watch(() => JSON.stringify(of()), load, { immediate: true })
  return { value, error, isLoading, load }
}
