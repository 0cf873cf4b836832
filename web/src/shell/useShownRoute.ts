import { computed, type ComputedRef } from 'vue'
import { type RouteLocationNormalized, useRoute } from 'vue-router'
import { firstPage } from './firstPage'

/** The route whose frame stands: the current one, or before any stands the first one while its page is on its way. */
export function useShownRoute(): ComputedRef<RouteLocationNormalized> {
  const route = useRoute() as RouteLocationNormalized
  return computed(() => (route.matched.length === 0 && firstPage.route ? firstPage.route : route))
}
