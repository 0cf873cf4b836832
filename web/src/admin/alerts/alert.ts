/** Where an alert stands. */
export type AlertStatus = 'open' | 'acknowledged' | 'resolved'

/** An alert. */
export interface Alert {
  alert_id: string
  rule: string
  severity: 'info' | 'warning' | 'critical'
  title: string
  title_zh: string
  body: string
  body_zh: string
  subject: string
  link: string | null
  region_code: string | null
  status: AlertStatus
  opened_at: string
  last_seen_at: string
  times: number
  acknowledged_by: string | null
  acknowledged_at: string | null
  resolved_at: string | null
  note: string | null
}

/** A rule of `alerts.toml`. */
export interface AlertRule { name: string; on: string; title: string; title_zh: string; severity: string; channels: string[]; enabled: boolean }

/** A message sent to a channel. */
export interface Delivery {
  delivery_id: string
  alert_id: string | null
  channel: string
  channel_kind: string
  status: 'waiting' | 'delivered' | 'failed'
  attempts: number
  created_at: string
  delivered_at: string | null
  next_attempt_at: string | null
  error: string | null
}

/** The channels that rules name, each once. */
export function channelsOf(rules: readonly AlertRule[]): string[] {
  return [...new Set(rules.flatMap((rule) => rule.channels))].sort()
}

/** A path of these pages; an alert never leads elsewhere. */
export function ownPath(link: string | null): string | null {
  return link && /^\/(?![/\\])/.test(link) ? link : null
}
