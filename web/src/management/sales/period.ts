/** The stretch of business days a sales page speaks of, and how it is written in the address. */

export type Grain = 'day' | 'week' | 'month' | 'total'
export const GRAINS: readonly Grain[] = ['day', 'week', 'month', 'total']

export interface Period {
  grain: Grain
  from: string
  to: string
}

const DAY_MS = 86_400_000

/** Days are reckoned in UTC, where all of them are equally long. */
export const dayNumber = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY_MS)
export const dayText = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10)

/** Today in the business time zone of China. */
export function today(now = new Date()): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
}

const monthEnd = (day: string): string => {
  const [year, month] = day.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10)
}

/** Monday of the week of a day. */
export const mondayOf = (day: string): string => {
  const number = dayNumber(day)
  // 1 January 1970 was a Thursday.
  return dayText(number - ((((number + 3) % 7) + 7) % 7))
}

/** The whole period that a day lies in. */
export function periodOf(grain: Grain, day: string): Period {
  if (grain === 'day') return { grain, from: day, to: day }
  if (grain === 'week') {
    const from = mondayOf(day)
    return { grain, from, to: dayText(dayNumber(from) + 6) }
  }
  const from = `${day.slice(0, 7)}-01`
  return { grain, from, to: monthEnd(day) }
}

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))

/** From the words of the address; what is missing or wrong is this month. */
export function readPeriod(words: { grain: string; from: string; to: string }, now = today()): Period {
  const grain = GRAINS.find((each) => each === words.grain) ?? 'month'
  const from = isDay(words.from) ? words.from : now
  if (grain !== 'total') return periodOf(grain, from)
  const to = isDay(words.to) ? words.to : now
  const start = isDay(words.from) ? words.from : dayText(dayNumber(to) - 29)
  return start <= to ? { grain, from: start, to } : { grain, from: to, to: start }
}

/** One period earlier or later. */
export function shifted(period: Period, by: 1 | -1): Period {
  if (period.grain === 'total') {
    const days = dayNumber(period.to) - dayNumber(period.from) + 1
    return {
      grain: 'total',
      from: dayText(dayNumber(period.from) + by * days),
      to: dayText(dayNumber(period.to) + by * days),
    }
  }
  const anchor = by === 1 ? dayNumber(period.to) + 1 : dayNumber(period.from) - 1
  return periodOf(period.grain, dayText(anchor))
}

/** The days of the trend beside it: twelve months, twelve weeks, thirty days, or the stretch itself. */
export function trendOf(period: Period, now = today()): Period {
  const to = period.to > now ? now : period.to
  switch (period.grain) {
    case 'day':
      return { grain: 'day', from: dayText(dayNumber(period.from) - 29), to }
    case 'week':
      return { grain: 'week', from: dayText(dayNumber(period.from) - 11 * 7), to }
    case 'month': {
      const [year, month] = period.from.split('-').map(Number) as [number, number]
      return { grain: 'month', from: new Date(Date.UTC(year, month - 12, 1)).toISOString().slice(0, 10), to }
    }
    default: {
      const days = dayNumber(period.to) - dayNumber(period.from) + 1
      return { ...period, grain: days <= 45 ? 'day' : days <= 200 ? 'week' : 'month' }
    }
  }
}
