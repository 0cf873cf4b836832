import { Document } from '@element-plus/icons-vue'
import { expect, test } from 'vitest'
import type { RouteRecordRaw } from 'vue-router'
import { homeOf, menuOf } from './home'

const page = (name: string, meta: RouteRecordRaw['meta']): RouteRecordRaw => ({ path: `/${name}`, name, meta, redirect: '/' })
const routes = [
  page('jobs', { title: 'jobs', roles: ['admin'], menu: { group: 'admin', order: 2, icon: Document } }),
  page('map', { title: 'map', roles: ['admin', 'management'], home: ['management'], menu: { group: 'management', order: 1, icon: Document } }),
  page('systems', { title: 'systems', roles: ['admin'], home: ['admin'], menu: { group: 'admin', order: 1, icon: Document } }),
  page('rates', { title: 'rates', roles: ['finance'], menu: { group: 'finance', order: 1, icon: Document } }),
]

test('a menu holds what the role may open, in order', () => {
  expect(menuOf(routes, 'admin').map(({ group, entries }) => [group, entries.map(({ name }) => name)])).toEqual([
    ['management', ['map']],
    ['admin', ['systems', 'jobs']],
  ])
  expect(menuOf(routes, 'device')).toEqual([])
})

test('home is the page that names the role, else the first it may open', () => {
  expect(homeOf(routes, 'admin')).toEqual({ name: 'systems' })
  expect(homeOf(routes, 'finance')).toEqual({ name: 'rates' })
  expect(homeOf(routes, 'public')).toBeNull()
})
