import { ref, type Ref, shallowRef, watch, type WatchSource } from 'vue'

/** A page of a list as every route answers it. */
export interface ListPage<T> { items: T[]; next_cursor?: string | null }

/** Asks for the page after `cursor`, the first without one; no promise: there is nothing to ask yet. */
type AskPage<T> = (cursor: string | undefined) => Promise<ListPage<T>> | null

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

/** Follows a list; starts over when `sources` change. */
export function usePaged<T>(askPage: AskPage<T>, sources: WatchSource[] = []): Paged<T> {
  const items = shallowRef<T[]>([])
  const cursor = ref<string>()
  const isLoading = ref(true)
  const isBusy = ref(false)
  const error = ref<unknown>(null)
  const hasMore = ref(false)
  let turn = 0

  async function ask(after?: string): Promise<void> {
    const mine = (turn += 1)
    const asked = askPage(after)
    if (asked === null) return
    isBusy.value = true
    error.value = null
    try {
      const page = await asked
      if (mine !== turn) return
      items.value = after ? [...items.value, ...page.items] : page.items
      cursor.value = page.next_cursor ?? undefined
      hasMore.value = cursor.value !== undefined
    } catch (failure) {
      if (mine === turn) error.value = failure
    } finally {
      if (mine === turn) isBusy.value = isLoading.value = false
    }
  }

  const load = (): Promise<void> => ask()
  const more = (): Promise<void> => ask(cursor.value)
  if (sources.length > 0) watch(sources, () => { isLoading.value = true; void load() })
  void load()
  return { items, hasMore, isLoading, isBusy, error, load, more }
}
