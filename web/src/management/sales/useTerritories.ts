import { type Ref, ref, shallowRef, watch } from 'vue'
import { api, told, type Schemas } from '@/api/client'

/** A rule of a territory, as `GET /territories` lists it. */
export type Territory = Schemas['Territory']

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
        let cursor: string | undefined
        do {
          const query = { dealer_code: dealer, region_code: place, on, limit: PAGE, cursor }
          const page: Schemas['TerritoryList'] = await told(api.GET('/api/v1/territories', { params: { query } }))
          found.push(...page.items)
          cursor = page.next_cursor ?? undefined
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
