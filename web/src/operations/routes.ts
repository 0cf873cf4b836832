import { Aim, Box, DataAnalysis, DocumentChecked, Grid, Medal, Share, Timer, User, Warning } from '@element-plus/icons-vue'
import type { AreaRoutes, Role } from '@/shell/access'

const STAFF: readonly Role[] = ['operations', 'admin', 'management']

/** Pages of operations: diversion, recall, trace, upload quality. */
export const routes: AreaRoutes = [
  {
    path: '/operations/diversion',
    name: 'diversion-desk',
    component: () => import('./diversion/DiversionDesk.vue'),
    meta: {
      title: 'operations.menu.desk', roles: [...STAFF, 'dealer'], menu: { group: 'operations', order: 1, icon: Warning }, home: ['operations'],
    },
  },
  {
    path: '/operations/diversion/cases/:dealer/:product/:destination/:month',
    name: 'diversion-case',
    component: () => import('./diversion/DiversionCase.vue'),
    meta: { title: 'operations.case', roles: [...STAFF, 'dealer'], parent: 'diversion-desk' },
  },
  {
    path: '/operations/diversion/flows',
    name: 'diversion-flows',
    component: () => import('./diversion/DiversionFlows.vue'),
    meta: { title: 'operations.menu.matrix', roles: STAFF, menu: { group: 'operations', order: 2, icon: Grid } },
  },
  {
    path: '/operations/diversion/dealers',
    name: 'diversion-dealers',
    component: () => import('./diversion/DiversionDealers.vue'),
    meta: { title: 'operations.menu.dealers', roles: STAFF, menu: { group: 'operations', order: 3, icon: User } },
  },
  {
    path: '/operations/recall',
    name: 'recall',
    component: () => import('./recall/RecallPage.vue'),
    meta: { title: 'operations.menu.recall', roles: ['operations', 'admin'], menu: { group: 'operations', order: 4, icon: Aim } },
  },
  {
    path: '/operations/trace/:code?',
    name: 'trace',
    component: () => import('./trace/TracePage.vue'),
    meta: {
      title: 'operations.menu.trace', roles: [...STAFF, 'finance', 'dealer'], menu: { group: 'operations', order: 5, icon: Share },
    },
  },
  {
    path: '/operations/upload-quality',
    name: 'upload-quality',
    component: () => import('./quality/UploadQuality.vue'),
    meta: { title: 'operations.menu.quality', roles: STAFF, menu: { group: 'operations', order: 6, icon: DataAnalysis } },
  },
  {
    path: '/operations/reconciliation',
    name: 'reconciliation',
    component: () => import('./quality/ReconciliationPage.vue'),
    meta: { title: 'operations.menu.reconciliation', roles: STAFF, menu: { group: 'operations', order: 7, icon: DocumentChecked } },
  },
  {
    path: '/operations/suppliers',
    name: 'supplier-quality',
    component: () => import('./quality/SupplierQuality.vue'),
    meta: { title: 'operations.menu.suppliers', roles: STAFF, menu: { group: 'operations', order: 8, icon: Box } },
  },
  {
    path: '/operations/dwell',
    name: 'dwell',
    component: () => import('./quality/DwellPage.vue'),
    meta: { title: 'operations.menu.dwell', roles: STAFF, menu: { group: 'operations', order: 9, icon: Timer } },
  },
  {
    path: '/operations/scorecard',
    name: 'dealer-scorecard',
    component: () => import('./quality/DealerScorecard.vue'),
    meta: { title: 'operations.menu.scorecard', roles: STAFF, menu: { group: 'operations', order: 10, icon: Medal } },
  },
]
