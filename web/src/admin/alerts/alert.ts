import type { Schemas } from '@/api/client'

/** An alert. */
export type Alert = Schemas['Alert']

/** A rule of `alerts.toml`. */
export type AlertRule = Schemas['AlertRule']

/** A message sent to a channel. */
export type Delivery = Schemas['Delivery']

/** The channels that rules name, each once. */
export function channelsOf(rules: readonly AlertRule[]): string[] {
  return [...new Set(rules.flatMap((rule) => rule.channels))].sort()
}

/** A path of these pages; an alert never leads elsewhere. */
export function ownPath(link: string | null | undefined): string | null {
  return link && /^\/(?![/\\])/.test(link) ? link : null
}
