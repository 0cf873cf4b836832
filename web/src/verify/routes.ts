import type { AreaRoutes } from '@/shell/access'

const meta = { title: 'verify.title', isPublic: true, isBare: true }

export const routes: AreaRoutes = [
  { path: '/verify', name: 'verify', component: () => import('./VerifyPage.vue'), meta },
  // Short enough to be printed as a QR code of few modules.
  { path: '/v/:code', name: 'verify-code', component: () => import('./VerifyPage.vue'), meta },
]
