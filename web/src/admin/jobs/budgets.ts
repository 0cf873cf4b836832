import { parse, type TomlTable } from 'smol-toml'

/** A part of the week in which an account may take so many calls a minute; no hours: the rest of it. */
export interface BudgetLine { system: string; days: string; from: string; to: string; calls_per_minute: number; isNow: boolean }

const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** The days that a word such as `MON-FRI` or `SAT,SUN` names, by number; none said: all. */
export function daysOf(word: string): number[] {
  if (word.trim() === '' || word.trim() === '*') return DAYS.map((_, day) => day)
  return word.toUpperCase().split(',').flatMap((part) => {
    const [first = '', last = first] = part.trim().split('-').map((day) => day.slice(0, 3))
    const [from, to] = [DAYS.indexOf(first), DAYS.indexOf(last)]
    if (from < 0 || to < 0) return []
    return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, step) => (from + step) % 7)
  })
}

/** Day of the week and `HH:MM` of a moment in a zone. */
function clockIn(zone: string, at: Date): { day: number; time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).formatToParts(at)
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? ''
  return { day: DAYS.indexOf(part('weekday').toUpperCase()), time: `${part('hour')}:${part('minute')}` }
}

function covers(line: Pick<BudgetLine, 'days' | 'from' | 'to'>, day: number, time: string): boolean {
  const days = daysOf(line.days)
  if (line.from < line.to) return days.includes(day) && line.from <= time && time < line.to
  // A window over midnight belongs to the day it begins on.
  return (days.includes(day) && line.from <= time) || (days.includes((day + 6) % 7) && time < line.to)
}

/** What `[budgets.SYSTEM]` of `jobs.toml` says, with the line that counts at a moment marked; empty where there is none. */
export function budgetLines(text: string, at: Date): BudgetLine[] {
  let top: TomlTable
  try {
    top = parse(text) as TomlTable
  } catch {
    return []
  }
  const budgets = (top.budgets ?? {}) as Record<string, TomlTable>
  return Object.entries(budgets).flatMap(([system, budget]) => {
    const zone = String(budget.time_zone ?? top.time_zone ?? 'Asia/Shanghai')
    const { day, time } = clockIn(zone, at)
    const windows = Array.isArray(budget.windows) ? (budget.windows as TomlTable[]) : []
    const lines = windows.map((window) => ({
      system, days: String(window.days ?? ''), from: String(window.from ?? ''), to: String(window.to ?? ''),
      calls_per_minute: Number(window.calls_per_minute), isNow: false,
    }))
    const rest = { system, days: '', from: '', to: '', calls_per_minute: Number(budget.otherwise), isNow: false }
    const now = lines.find((line) => covers(line, day, time)) ?? rest
    now.isNow = true
    return Number.isFinite(rest.calls_per_minute) ? [...lines, rest] : lines
  })
}
