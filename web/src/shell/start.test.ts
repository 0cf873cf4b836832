import { readFileSync } from 'node:fs'
import { beforeEach, expect, test, vi } from 'vitest'
import { router } from './router'

const start = new Function('location', 'fetch', 'matchMedia', readFileSync('public/start.js', 'utf8'))

const asked = vi.fn<typeof fetch>(() => Promise.reject(new TypeError('offline')))
const run = (pathname: string, prefersDark = false) => start({ pathname }, asked, () => ({ matches: prefersDark }))

beforeEach(() => {
  asked.mockClear()
  localStorage.clear()
})

test('before any script of the pages: a frame only where the page has one, a session only where it is needed', () => {
  for (const { path, meta, redirect } of router.getRoutes()) {
    if (redirect) continue
    run(path.replace(/:\w+(\(.*\))?\*?/g, 'x'))
    expect([path, document.documentElement.classList.contains('starts-bare')]).toEqual([path, meta.isBare === true])
    expect([path, asked.mock.calls.length]).toEqual([path, meta.isPublic ? 0 : 1])
    asked.mockClear()
  }
})

test('theme and language are those that were chosen; an early question that failed is no error', async () => {
  const root = document.documentElement
  run('/', true)
  expect([root.classList.contains('dark'), root.lang]).toEqual([true, 'zh-CN'])
  localStorage.setItem('yuanliu.theme', 'light')
  localStorage.setItem('yuanliu.locale', 'en')
  run('/', true)
  expect([root.classList.contains('dark'), root.lang]).toEqual([false, 'en'])
  expect(asked.mock.lastCall?.[1]?.headers).toEqual({ 'Accept-Language': 'en' })
  expect(await window.earlyAnswers?.['/api/v1/session']).toBeNull()
})
