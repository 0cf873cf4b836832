/** Marks on an axis of time: whole hours, days or months, as many as there is room for. */

/** A mark with what is written at it. */
export interface Tick {
  at: number
  text: string
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const STEPS_MS = [HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS, DAY_MS, 2 * DAY_MS, 7 * DAY_MS, 14 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS, 365 * DAY_MS]

const two = (value: number) => String(value).padStart(2, '0')

/** The marks between two times, in the time zone of the reader. */
export function ticksOf(from: number, to: number, most: number): Tick[] {
  const step = STEPS_MS.find((one) => (to - from) / one <= most) ?? STEPS_MS.at(-1)! * Math.ceil((to - from) / STEPS_MS.at(-1)! / most)
  const start = new Date(from)
  if (step >= DAY_MS) start.setHours(0, 0, 0, 0)
  else start.setMinutes(0, 0, 0)
  const ticks: Tick[] = []
  for (let at = start.getTime(); at <= to; at += step) {
    if (at < from) continue
    const day = new Date(at)
    const date = `${two(day.getMonth() + 1)}-${two(day.getDate())}`
    const text = step >= 90 * DAY_MS ? `${day.getFullYear()}-${two(day.getMonth() + 1)}` : step >= DAY_MS ? date : `${date} ${two(day.getHours())}:00`
    ticks.push({ at, text })
  }
  return ticks
}
