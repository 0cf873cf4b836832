import { Problem } from '@/api/problem'
import { API_BASE, queryText, request } from '@/api/request'
import type { Verified } from './verdict'

/** What asking came to. */
export type Asked =
  | { kind: 'answers'; answers: Verified[] }
  /** Many codes were asked for from this address: a challenge comes first. */
  | { kind: 'captcha' }
  /** Too many; again after so many seconds. */
  | { kind: 'wait'; seconds: number }

/** Asks the hub about codes, with what a solved challenge gave where there was one. Other failures are thrown. */
export async function ask(codes: readonly string[], token?: string): Promise<Asked> {
  const init = token ? { headers: { 'X-Captcha-Token': token } } : {}
  try {
    const answer = await request(`${API_BASE}/verify${queryText({ codes: codes.join(';') })}`, init)
    return { kind: 'answers', answers: (await answer.json()) as Verified[] }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    if (error.status === 403 && error.code === 'captcha_required') return { kind: 'captcha' }
    if (error.status === 429) return { kind: 'wait', seconds: 60 }
    throw error
  }
}
