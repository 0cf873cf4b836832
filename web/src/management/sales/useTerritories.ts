import { type Ref, ref, shallowRef, watch } from 'vue'
import { get } from '@/api/request'

/** A rule of a territory, as `GET /territories` lists it. */
export interface Territory {
  dealer_code: string
  dealer_name: string | null
  product_code: string | null
  category: string | null
  channel: string | null
  region_code: string
  region_name: string | null
  valid_from: string | null
  valid_to: string | null
}

const PAGE = 1000

/** The territories that hold on a day: of one dealer, or of all that touch the place. */
export function useTerritories(asked: Ref<{ isShown: boolean; dealer: string; place: string; on: string }>) {
  const rules = shallowRef<Territory[]>([])
  const error = ref<unknown>(null)
  let turn = 0
  watch(
    () => JSON.stringify(asked.value),
    async () => {
      const mine = ++turn
      const { isShown, dealer, place, on } = asked.value
      error.value = null
      if (!isShown) {
        rules.value = []
        return
      }
      try {
        const found: Territory[] = []
        let cursor: string | null = null
        do {
          const page: { items: Territory[]; next_cursor: string | null } = await get('/territories', {
            dealer_code: dealer, region_code: place, on, limit: PAGE, cursor,
          })
          found.push(...page.items)
          cursor = page.next_cursor
        } while (cursor)
        if (mine === turn) rules.value = found
      } catch (failure) {
        if (mine === turn) error.value = failure
      }
    },
    { immediate: true },
  )
  return { rules, error }
}
