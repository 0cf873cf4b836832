import type { Verified } from './verdict'

/** What this phone asked before. */
export interface Recent { code: string; verdict: string; product_name?: string | null; at: string }

const KEY = 'yuanliu.verified'
const KEPT = 20

/** Newest first; empty where the browser keeps nothing. */
export function recall(storage: Pick<Storage, 'getItem'>): Recent[] {
  try {
    const held: unknown = JSON.parse(storage.getItem(KEY) ?? '[]')
    return Array.isArray(held) ? held as Recent[] : []
  } catch {
    return []
  }
}

/** Keeps answers in front of the older ones, each code once. */
export function remember(storage: Pick<Storage, 'getItem' | 'setItem'>, answers: Verified[], at: string): Recent[] {
  const news = answers.map(({ code, verdict, product_name }) => ({ code, verdict, product_name, at }))
  const codes = new Set(news.map((entry) => entry.code))
  const kept = [...news, ...recall(storage).filter((entry) => !codes.has(entry.code))].slice(0, KEPT)
  try {
    storage.setItem(KEY, JSON.stringify(kept))
  } catch {
    // Full or forbidden: the answer is on the page all the same.
  }
  return kept
}

/** Forgets everything. */
export function forget(storage: Pick<Storage, 'removeItem'>): void {
  storage.removeItem(KEY)
}
