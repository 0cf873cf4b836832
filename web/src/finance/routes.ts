import { Coin, Tickets, Wallet } from '@element-plus/icons-vue'
import type { AreaRoutes, Role } from '@/shell/access'

const FINANCE: readonly Role[] = ['finance', 'admin']

export const routes: AreaRoutes = [
  {
    path: '/finance', name: 'finance-month', component: () => import('./MonthPage.vue'),
    meta: { title: 'finance.month.title', roles: FINANCE, home: ['finance'], menu: { group: 'finance', order: 1, icon: Wallet } },
  },
  {
    path: '/finance/claims', name: 'finance-claims', component: () => import('./ClaimsPage.vue'),
    meta: { title: 'finance.claims.title', roles: FINANCE, menu: { group: 'finance', order: 2, icon: Tickets } },
  },
  {
    path: '/finance/rates', name: 'finance-rates', component: () => import('./RatesPage.vue'),
    meta: { title: 'finance.rates.title', roles: FINANCE, menu: { group: 'finance', order: 3, icon: Coin } },
  },
]
