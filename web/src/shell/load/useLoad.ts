import { onScopeDispose, ref, type Ref, shallowRef, watch, type WatchSource } from 'vue'

/** An answer of the hub with the states of waiting for it; made for `PageState`. */
export interface Loaded<T> {
  data: Ref<T | null>
  isLoading: Ref<boolean>
  error: Ref<unknown>
  load: () => Promise<void>
}

/**
 * Asks at once, and again whenever `sources` change. An answer that was overtaken is dropped; one that is asked again
 * stays on the page until the next is there.
 */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T>, sources: WatchSource[] = []): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const isLoading = ref(true)
  const error = ref<unknown>(null)
  let asking: AbortController | null = null

  async function load(): Promise<void> {
    asking?.abort()
    const mine = (asking = new AbortController())
    isLoading.value = data.value === null
    error.value = null
    try {
      const answer = await ask(mine.signal)
      if (mine === asking) data.value = answer
    } catch (failure) {
      if (mine === asking) error.value = failure
    } finally {
      if (mine === asking) isLoading.value = false
    }
  }

  if (sources.length > 0) watch(sources, () => { data.value = null; void load() })
  onScopeDispose(() => asking?.abort())
  void load()
  return { data, isLoading, error, load }
}
