/// <reference types="vitest/config" />
import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import ElementPlus from 'unplugin-element-plus/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'
import { compressed } from './build/compressed'
import { lateStyles } from './build/lateStyles'

/** Where `npm run dev` finds the hub. */
const HUB = `http://127.0.0.1:${process.env.YUANLIU_PORT ?? '8470'}`

export default defineConfig({
  plugins: [
    vue(),
    // Element Plus comes in component by component, its styles with it; our own components are imported by hand.
    Components({ dirs: [], dts: 'src/element-plus.d.ts', resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
    ElementPlus({}),
    lateStyles(),
    compressed(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: Number(process.env.WEB_PORT ?? '5173'),
    host: '127.0.0.1',
    proxy: { '/api': { target: HUB, changeOrigin: false } },
  },
  build: { assetsInlineLimit: 0, target: 'es2022', manifest: true, chunkSizeWarningLimit: 900 },
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts', 'build/**/*.test.ts', 'e2e/measure/*.test.mjs'] },
})
