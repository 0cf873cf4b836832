import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw, START_LOCATION } from 'vue-router'
import { type AreaRoutes, mayOpen } from './access'
import { firstPage } from './firstPage'
import { homeOf } from './home'
import { loadSession } from './session'

const areas = import.meta.glob<{ routes: AreaRoutes }>('../*/routes.ts', { eager: true })

/** Pages of all areas. */
export const areaRoutes: RouteRecordRaw[] = Object.values(areas).flatMap((area) => area.routes)

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', redirect: '/home' },
    { path: '/home', name: 'role-home', component: () => import('./pages/NoHome.vue'), meta: { title: 'shell.home' } },
    ...areaRoutes,
    {
      path: '/login',
      name: 'login',
      component: () => import('./pages/LoginPage.vue'),
      meta: { isPublic: true, isBare: true, title: 'shell.login.title' },
    },
    {
      path: '/first-password',
      name: 'first-password',
      component: () => import('./pages/FirstPasswordPage.vue'),
      meta: { isBare: true, title: 'shell.account.changePassword' },
    },
    {
      path: '/not-allowed',
      name: 'not-allowed',
      component: () => import('./pages/NotAllowed.vue'),
      meta: { title: 'shell.notAllowed.title' },
    },
    {
      path: '/:path(.*)*',
      name: 'not-found',
      component: () => import('./pages/NotFound.vue'),
      meta: { title: 'shell.notFound.title' },
    },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

/** Begins to fetch a page; the router fetches what failed once more, and tells. */
function fetchAhead({ matched }: RouteLocationNormalized): void {
  for (const { components } of matched) {
    const load = components?.default as (() => Promise<unknown>) | undefined
    if (typeof load === 'function') void load().catch(() => undefined)
  }
}

router.beforeEach(async (to, from) => {
  const isFirst = from === START_LOCATION
  // Beside the question who is signed in; where that leads is not known of the home page alone.
  if (isFirst && to.name !== 'role-home') fetchAhead(to)
  if (to.meta.isPublic) return true
  const session = await loadSession()
  if (!session) return { name: 'login', query: { return_to: to.fullPath } }
  // Until then the hub answers nothing else.
  if (session.must_change_password) return to.name === 'first-password' || { name: 'first-password', query: { return_to: to.fullPath } }
  if (to.name === 'role-home') return homeOf(areaRoutes, session.role) ?? true
  if (!mayOpen(to.meta, session.role)) return { name: 'not-allowed', query: { from: to.fullPath } }
  if (isFirst && !to.meta.isBare) firstPage.route = to
  return true
})
