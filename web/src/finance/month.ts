/** The zone in which the hub keeps its months. */
const BUSINESS_ZONE = 'Asia/Shanghai'

/** The month, `YYYY-MM`, that a moment falls into. */
export function monthOf(at: Date, zone = BUSINESS_ZONE): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit' }).format(at).slice(0, 7)
}

/** The months before or after. */
export function shift(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const index = year * 12 + (number - 1) + by
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`
}

/** First and last day, both inclusive, as reports take them. */
export function daysOf(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const last = new Date(Date.UTC(year, number, 0)).getUTCDate()
  return { from: `${month}-01`, to: `${month}-${String(last).padStart(2, '0')}` }
}

/** Whether a word is a month. */
export function isMonth(word: unknown): word is string {
  return typeof word === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(word)
}
