import { reactive, readonly } from 'vue'
import { Problem } from '@/api/problem'
import { get, post, del, setCsrfToken } from '@/api/request'

/** Who is signed in, as `GET /session` answers. */
export interface Session {
  login: string
  display_name: string
  role: string
  regions: string[]
  dealer_code: string | null
  locale: string
  csrf_token: string
  permissions: string[]
  version: string
}

/** Ways to sign in that the hub offers. */
export interface SignInWays {
  password: boolean
  oidc: { name: string } | null
}

const state = reactive<{ session: Session | null; isKnown: boolean }>({ session: null, isKnown: false })

/** The session of this window, read-only; `null` while nobody is signed in. */
export const current = readonly(state)

function keep(session: Session | null): void {
  state.session = session
  state.isKnown = true
  setCsrfToken(session?.csrf_token ?? null)
}

/** Asks the hub once who is signed in. */
export async function loadSession(): Promise<Session | null> {
  if (state.isKnown) return state.session
  try {
    keep(await get<Session>('/session'))
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error
    keep(null)
  }
  return state.session
}

export async function signIn(login: string, password: string): Promise<Session> {
  await post('/session', { login, password })
  // Asked again, because the token against forged requests belongs to the new session.
  const session = await get<Session>('/session')
  keep(session)
  return session
}

export async function signOut(): Promise<void> {
  await del('/session')
  keep(null)
}

/** The hub said that the session is over. */
export function forgetSession(): void {
  keep(null)
}

export const signInWays = (): Promise<SignInWays> => get<SignInWays>('/session/ways')
