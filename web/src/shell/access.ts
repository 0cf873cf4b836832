import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

/** The roles that sign in to the web pages. */
export const ROLES = ['admin', 'management', 'operations', 'finance', 'dealer'] as const
export type Role = (typeof ROLES)[number]

/** Groups of the menu, in the order they are shown. */
export const MENU_GROUPS = ['management', 'operations', 'finance', 'dealer', 'admin'] as const
export type MenuGroup = (typeof MENU_GROUPS)[number]

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page's title: breadcrumb, menu, window title. */
    title?: string
    /** Who may open the page; absent: everybody who is signed in. The server decides in any case. */
    roles?: readonly Role[]
    /** Needs no session. */
    isPublic?: boolean
    /** Drawn without menu and header. */
    isBare?: boolean
    /** Its entry in the menu: group, order within it, a component of @element-plus/icons-vue. */
    menu?: { group: MenuGroup; order: number; icon: Component }
    /** Roles that land here after signing in. */
    home?: readonly Role[]
    /** Name of the route above it in the breadcrumb. */
    parent?: string
  }
}

/** What `src/<area>/routes.ts` exports as `routes`. */
export type AreaRoutes = RouteRecordRaw[]

/** May this role open that page? */
export function mayOpen(meta: { roles?: readonly Role[] }, role: string): boolean {
  return !meta.roles || (meta.roles as readonly string[]).includes(role)
}
