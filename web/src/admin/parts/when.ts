const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]]

/** `3 小时前`, `in 5 minutes`. */
export function distance(at: string, now: number, locale: string): string {
  const seconds = Math.round((Date.parse(at) - now) / 1000)
  if (Number.isNaN(seconds)) return ''
  const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit)
}

/** `2026-03-01 08:05` in a zone; that of the reader where none is said. */
export function inZone(at: string, zone?: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  try {
    return new Intl.DateTimeFormat('sv-SE', { ...parts, timeZone: zone }).format(date)
  } catch {
    // A zone that this browser does not know: the moment is still right in its own.
    return new Intl.DateTimeFormat('sv-SE', parts).format(date)
  }
}

/** `4.2 s`, `3 min`, `2.5 h`: how long something took or may take. */
export function span(seconds: number, locale: string): string {
  const [unit, size] = seconds >= 5400 ? ['hour', 3600] as const : seconds >= 90 ? ['minute', 60] as const : ['second', 1] as const
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(seconds / size)
}
