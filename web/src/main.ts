import { createApp } from 'vue'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import '@/shell/style.css'
import App from '@/shell/App.vue'
import { firstSight } from '@/shell/firstPage'
import { i18n, preferredLocale, setLocale } from '@/shell/i18n'
import { router } from '@/shell/router'
import { forgetSession, current } from '@/shell/session'
import { setOnSessionOver } from '@/api/request'

setOnSessionOver(() => {
  const wasSignedIn = current.session !== null
  forgetSession()
  if (wasSignedIn) void router.push({ name: 'login', query: { return_to: router.currentRoute.value.fullPath } })
})

// The router asks who is signed in and fetches the page as soon as it is used; until then index.html stands.
const app = createApp(App).use(i18n).use(router)
void Promise.all([firstSight(router), setLocale(preferredLocale())]).then(() => app.mount('#app'))
