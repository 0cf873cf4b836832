import type { Schemas } from '@/api/client'

/** An account of a person. */
export type Account = Schemas['Account']

/** What an admin gives of an account. */
export type AccountDraft = Required<Schemas['AccountDraft']>

/** The least that a first password is expected to have; the hub has the last word. */
export const PASSWORD_LENGTH_MIN = 12

/** Whether the account cannot log in at this moment because of failed attempts. */
export function isLocked(account: Pick<Account, 'locked_until'>, now: number): boolean {
  return account.locked_until != null && Date.parse(account.locked_until) > now
}

/** What is missing in a draft; a message key. */
export function draftFault(draft: AccountDraft): string | undefined {
  if (draft.display_name.trim() === '') return 'admin.account.needsName'
  if (draft.role === 'dealer' && !draft.dealer_code?.trim()) return 'admin.account.needsDealer'
  return draft.regions.every((code) => /^\d{6}$/.test(code)) ? undefined : 'admin.account.badRegion'
}

/** The draft as it is sent: a scope that the role does not have is left out. */
export function cleaned(draft: AccountDraft): AccountDraft {
  return {
    ...draft,
    display_name: draft.display_name.trim(),
    dealer_code: draft.role === 'dealer' ? draft.dealer_code?.trim() || null : null,
    regions: draft.role === 'dealer' ? [] : draft.regions,
  }
}

/** A password nobody would guess, for a person who is asked to change it: 20 letters and digits, none alike. */
export function suggestedPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  return Array.from(crypto.getRandomValues(new Uint32Array(20)), (word) => letters[word % letters.length]).join('')
}
