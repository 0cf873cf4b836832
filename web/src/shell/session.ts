import { reactive, readonly } from 'vue'
import { api, told, type Schemas } from '@/api/client'
import { takeEarly } from '@/api/early'
import { Problem } from '@/api/problem'
import { request, setCsrfToken } from '@/api/request'

/** Who is signed in. */
export type Session = Schemas['Session']

/** Ways to sign in that the hub offers. */
export type SignInWays = Schemas['SessionWays']

const state = reactive<{ session: Session | null; isKnown: boolean }>({ session: null, isKnown: false })

/** The session of this window, read-only; `null` while nobody is signed in. */
export const current = readonly(state)

function keep(session: Session | null): void {
  state.session = session
  state.isKnown = true
  setCsrfToken(session?.csrf_token ?? null)
}

async function ask(): Promise<Session | null> {
  try {
    const early = await takeEarly('/api/v1/session')
    keep(await told(api.GET('/api/v1/session', { fetch: (input) => request(input, {}, early) })))
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    keep(null)
  }
  return state.session
}

/** Asks the hub once who is signed in. */
export async function loadSession(): Promise<Session | null> {
  return state.isKnown ? state.session : ask()
}

export async function signIn(login: string, password: string): Promise<Session> {
  const session = await told(api.POST('/api/v1/session', { body: { login, password } }))
  keep(session)
  return session
}

export async function signOut(): Promise<void> {
  await told(api.DELETE('/api/v1/session'))
  keep(null)
}

/** Sets a password of one's own; answers whether the session outlived the old one. */
export async function changePassword(now: string, next: string): Promise<boolean> {
  await told(api.PUT('/api/v1/session/password', { body: { current: now, next } }))
  return (await ask()) !== null
}

/** The hub said that the session is over. */
export function forgetSession(): void {
  keep(null)
}

export const signInWays = (): Promise<SignInWays> => told(api.GET('/api/v1/session/ways'))
