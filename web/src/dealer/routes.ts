import { Box, FullScreen, Star, Tickets } from '@element-plus/icons-vue'
import type { AreaRoutes, Role } from '@/shell/access'

const DEALER: readonly Role[] = ['dealer']

export const routes: AreaRoutes = [
  {
    path: '/dealer/stock', name: 'dealer-stock', component: () => import('./StockPage.vue'),
    meta: { title: 'dealer.stock.title', roles: DEALER, home: DEALER, menu: { group: 'dealer', order: 1, icon: Box } },
  },
  {
    path: '/dealer/scan', name: 'dealer-scan', component: () => import('./scan/ScanPage.vue'),
    meta: { title: 'dealer.scan.title', roles: DEALER, menu: { group: 'dealer', order: 2, icon: FullScreen } },
  },
  {
    path: '/dealer/codes', name: 'dealer-codes', component: () => import('./CodesPage.vue'),
    meta: { title: 'dealer.codes.title', roles: DEALER, menu: { group: 'dealer', order: 3, icon: Tickets } },
  },
  {
    path: '/dealer/score', name: 'dealer-score', component: () => import('./ScorePage.vue'),
    meta: { title: 'dealer.score.title', roles: DEALER, menu: { group: 'dealer', order: 4, icon: Star } },
  },
]
