import { Document } from '@element-plus/icons-vue'
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import { MENU_GROUPS, mayOpen } from './access'

export interface MenuEntry {
  name: string
  title: string
  icon: Component
  order: number
}

/** The menu of a role: groups with the pages it may open, empty groups left out. */
export function menuOf(routes: readonly RouteRecordRaw[], role: string): { group: string; entries: MenuEntry[] }[] {
  return MENU_GROUPS.map((group) => ({
    group,
    entries: routes
      .filter((route) => route.meta?.menu?.group === group && mayOpen(route.meta, role))
      .map((route) => ({
        name: String(route.name),
        title: route.meta?.title ?? String(route.name),
        icon: route.meta?.menu?.icon ?? Document,
        order: route.meta?.menu?.order ?? 0,
      }))
      .sort((one, other) => one.order - other.order),
  })).filter(({ entries }) => entries.length > 0)
}

/** Where a role lands: the page that names it, else the first of its menu. */
export function homeOf(routes: readonly RouteRecordRaw[], role: string): { name: string } | null {
  const named = routes.find((route) => (route.meta?.home as readonly string[] | undefined)?.includes(role))
  if (named) return { name: String(named.name) }
  const first = menuOf(routes, role)[0]?.entries[0]
  return first ? { name: first.name } : null
}
