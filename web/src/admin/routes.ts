import { Bell, Clock, Connection, DataBoard, Document, Key, List, Odometer, SetUp, Tickets, User, WarningFilled } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { AreaRoutes, Role } from '@/shell/access'

const ADMIN: readonly Role[] = ['admin']

/** A page of the menu; the keys of titles are `admin.menu.<key>`. */
const page = (path: string, name: string, key: string, order: number, icon: Component, component: () => Promise<unknown>, roles = ADMIN): AreaRoutes[number] =>
  ({ path, name, component, meta: { title: `admin.menu.${key}`, roles, menu: { group: 'admin', order, icon } } }) as AreaRoutes[number]

export const routes: AreaRoutes = [
  {
    path: '/admin', name: 'admin-overview', component: () => import('./overview/OverviewPage.vue'),
    meta: { title: 'admin.menu.overview', roles: ADMIN, home: ADMIN, menu: { group: 'admin', order: 1, icon: DataBoard } },
  },
  page('/admin/systems', 'admin-systems', 'systems', 2, Connection, () => import('./systems/SystemsPage.vue')),
  {
    path: '/admin/systems/new', name: 'admin-system-new', component: () => import('./systems/NewSystemPage.vue'),
    meta: { title: 'admin.system.add', roles: ADMIN, parent: 'admin-systems' },
  },
  {
    path: '/admin/systems/:name', name: 'admin-system', props: true, component: () => import('./systems/SystemPage.vue'),
    meta: { title: 'admin.system.one', roles: ADMIN, parent: 'admin-systems' },
  },
  page('/admin/configuration', 'admin-configuration', 'configuration', 3, Document, () => import('./configuration/ConfigurationPage.vue')),
  page('/admin/jobs', 'admin-jobs', 'jobs', 4, Clock, () => import('./jobs/JobsPage.vue')),
  page('/admin/runs', 'admin-runs', 'runs', 5, List, () => import('./runs/RunsPage.vue'), ['admin', 'operations']),
  page('/admin/rejects', 'admin-rejects', 'rejects', 6, WarningFilled, () => import('./rejects/RejectsPage.vue')),
  page('/admin/drift', 'admin-drift', 'drift', 7, SetUp, () => import('./drift/DriftPage.vue')),
  page('/admin/freshness', 'admin-freshness', 'freshness', 8, Odometer, () => import('./freshness/FreshnessPage.vue')),
  page('/alerts', 'alerts', 'alerts', 9, Bell, () => import('./alerts/AlertsPage.vue'), ['admin', 'management', 'operations']),
  page('/admin/accounts', 'admin-accounts', 'accounts', 10, User, () => import('./accounts/AccountsPage.vue')),
  page('/admin/tokens', 'admin-tokens', 'tokens', 11, Key, () => import('./tokens/TokensPage.vue')),
  page('/admin/audit', 'admin-audit', 'audit', 12, Tickets, () => import('./audit/AuditPage.vue')),
]
