import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'
import { type AreaRoutes, mayOpen } from './access'
import { loadSession } from './session'
import { homeOf } from './home'

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

router.beforeEach(async (to) => {
  if (to.meta.isPublic) return true
  const session = await loadSession()
  if (!session) return { name: 'login', query: { return_to: to.fullPath } }
  // Until then the hub answers nothing else.
  if (session.must_change_password) return to.name === 'first-password' || { name: 'first-password', query: { return_to: to.fullPath } }
  if (to.name === 'role-home') return homeOf(areaRoutes, session.role) ?? true
  if (!mayOpen(to.meta, session.role)) return { name: 'not-allowed', query: { from: to.fullPath } }
  return true
})
