import { MapLocation } from '@element-plus/icons-vue'
import type { AreaRoutes } from '@/shell/access'

export const routes: AreaRoutes = [
  {
    path: '/sales/map',
    name: 'sales-map',
    component: () => import('./SalesMapPage.vue'),
    meta: {
      title: 'management.map.title',
      roles: ['admin', 'management', 'operations', 'finance', 'dealer'],
      home: ['management'],
      menu: { group: 'management', order: 1, icon: MapLocation },
    },
  },
]
