import { Problem, problemOf } from './problem'

/** Where the API lives, on the host of the page. */
export const API_BASE = '/api/v1'

export type QueryValue = string | number | boolean | null | undefined | readonly string[]
export type Query = Record<string, QueryValue>

let csrfToken: string | null = null
let onSessionOver: () => void = () => {}

/** The token that every changing request must carry. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token
}

/** What to do when the hub says that nobody is signed in. */
export function setOnSessionOver(action: () => void): void {
  onSessionOver = action
}

/** `a=1&b=x,y`; what is empty is left out. */
export function queryText(query: Query = {}): string {
  const words = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue
    if (Array.isArray(value) && value.length === 0) continue
    words.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  const text = words.toString()
  return text ? `?${text}` : ''
}

/**
 * `fetch` with session cookie and CSRF header; throws `Problem` for every answer that is not one. `early` is the answer
 * if it was asked for before.
 */
export async function request(input: RequestInfo | URL, init: RequestInit = {}, early: Response | null = null): Promise<Response> {
  const base = input instanceof Request ? input : undefined
  const method = (init.method ?? base?.method ?? 'GET').toUpperCase()
  const headers = new Headers(init.headers ?? base?.headers)
  if (csrfToken && method !== 'GET' && method !== 'HEAD') headers.set('X-CSRF-Token', csrfToken)
  headers.set('Accept-Language', document.documentElement.lang || 'zh-CN')
  let response: Response
  try {
    response = early ?? (await fetch(input, { ...init, headers, credentials: 'same-origin' }))
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, {})
  }
  if (response.ok) return response
  const url = base?.url ?? String(input)
  if (response.status === 401 && !url.includes('/session')) onSessionOver()
  throw await problemOf(response)
}

/** A report, whose rows the document leaves open; everything else goes through `api` of `client.ts`. */
export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  const response = await request(API_BASE + path + queryText(query), signal ? { signal } : {})
  return (await response.json()) as T
}
