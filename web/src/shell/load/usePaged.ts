import { ref, type Ref, shallowRef, watch, type WatchSource } from 'vue'
import { get, type Query } from '@/api/request'

/** A page of a list as every route answers it. */
export interface ListPage<T> { items: T[]; next_cursor: string | null }

/** A list that grows a page at a time. */
export interface Paged<T> {
  items: Ref<T[]>
  hasMore: Ref<boolean>
  isLoading: Ref<boolean>
  isBusy: Ref<boolean>
  error: Ref<unknown>
  load: () => Promise<void>
  more: () => Promise<void>
}

/** Follows the list at `path()` with `query()`; starts over when `sources` change. No path: nothing is asked yet. */
export function usePaged<T>(path: () => string | null, query: () => Query = () => ({}), sources: WatchSource[] = []): Paged<T> {
  const items = shallowRef<T[]>([])
  const cursor = ref<string | null>(null)
  const isLoading = ref(true)
  const isBusy = ref(false)
  const error = ref<unknown>(null)
  const hasMore = ref(false)
  let turn = 0

  async function ask(after: string | null): Promise<void> {
    const mine = (turn += 1)
    const at = path()
    if (at === null) return
    isBusy.value = true
    error.value = null
    try {
      const page = await get<ListPage<T>>(at, { ...query(), cursor: after })
      if (mine !== turn) return
      items.value = after ? [...items.value, ...page.items] : page.items
      cursor.value = page.next_cursor
      hasMore.value = page.next_cursor !== null
    } catch (failure) {
      if (mine === turn) error.value = failure
    } finally {
      if (mine === turn) isBusy.value = isLoading.value = false
    }
  }

  const load = (): Promise<void> => ask(null)
  const more = (): Promise<void> => ask(cursor.value)
  if (sources.length > 0) watch(sources, () => { isLoading.value = true; void load() })
  void load()
  return { items, hasMore, isLoading, isBusy, error, load, more }
}
