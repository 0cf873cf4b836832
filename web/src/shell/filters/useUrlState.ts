import { computed, type WritableComputedRef } from 'vue'
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router'

/** Names of the words a page keeps in its address, with what holds when the address says nothing. */
export type UrlDefaults = Record<string, string>

/** What the address says, with the defaults filled in. */
export function readState<D extends UrlDefaults>(query: Record<string, unknown>, defaults: D): { [K in keyof D]: string } {
  const state = { ...defaults } as { [K in keyof D]: string }
  for (const name of Object.keys(defaults) as (keyof D & string)[]) {
    const value = query[name]
    const first = Array.isArray(value) ? value[0] : value
    if (typeof first === 'string') state[name] = first as D[typeof name]
  }
  return state
}

/** The address for a state: defaults are left out, words of others are kept. */
export function writeState<D extends UrlDefaults>(
  query: Record<string, unknown>,
  defaults: D,
  change: Partial<Record<keyof D, string>>,
): LocationQueryRaw {
  const next: LocationQueryRaw = { ...(query as LocationQueryRaw) }
  const state = { ...readState(query, defaults), ...change }
  for (const name of Object.keys(defaults)) {
    const value = state[name]
    if (value === undefined || value === defaults[name]) delete next[name]
    else next[name] = value
  }
  return next
}

/**
 * The state of a page in its address, so that a link shows the same and "back" undoes. `set` replaces the entry of the
 * history, `go` adds one.
 */
export function useUrlState<D extends UrlDefaults>(defaults: D) {
  const route = useRoute()
  const router = useRouter()
  const state = computed(() => readState(route.query, defaults))
  const set = (change: Partial<Record<keyof D, string>>) =>
    router.replace({ query: writeState(route.query, defaults, change) })
  const go = (change: Partial<Record<keyof D, string>>) =>
    router.push({ query: writeState(route.query, defaults, change) })
  const field = (name: keyof D & string): WritableComputedRef<string> =>
    computed({ get: () => state.value[name], set: (value) => void set({ [name]: value } as Partial<Record<keyof D, string>>) })
  return { state, set, go, field }
}
