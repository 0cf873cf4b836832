import { shallowReactive, watch } from 'vue'
import type { RouteLocationNormalized, Router } from 'vue-router'

/** The page that the window opens with: on its way once it may be opened, and what kept it from being shown. */
export const firstPage = shallowReactive<{ route: RouteLocationNormalized | null; error: unknown }>({ route: null, error: null })

/** Resolves as soon as there is something to draw: the frame of the first page, the page itself, or what failed. */
export function firstSight(router: Pick<Router, 'isReady'>): Promise<void> {
  return new Promise((done) => {
    watch(() => firstPage.route, () => done(), { flush: 'sync', once: true })
    router.isReady().then(done, (error: unknown) => {
      firstPage.error = error
      done()
    })
  })
}
