import { EditPen, MapLocation, Monitor, Place } from '@element-plus/icons-vue'
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
  {
    path: '/sales/white-space',
    name: 'sales-white-space',
    component: () => import('./WhiteSpacePage.vue'),
    meta: {
      title: 'management.whiteSpace.title',
      roles: ['admin', 'management', 'operations', 'finance'],
      menu: { group: 'management', order: 2, icon: Place },
    },
  },
  {
    path: '/sales/addresses',
    name: 'sales-addresses',
    component: () => import('./AddressesPage.vue'),
    meta: {
      title: 'management.addresses.title',
      roles: ['admin', 'management', 'operations', 'finance'],
      menu: { group: 'management', order: 3, icon: EditPen },
    },
  },
  {
    path: '/screen',
    name: 'screen',
    component: () => import('./ScreenPage.vue'),
    meta: {
      title: 'management.screen.title',
      roles: ['admin', 'management', 'operations', 'finance'],
      isBare: true,
      menu: { group: 'management', order: 4, icon: Monitor },
    },
  },
]
