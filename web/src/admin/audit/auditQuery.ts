const DAY_MS = 86_400_000

/** Days of the reader as the instants that `GET /audit` takes: `from` inclusive, `to` exclusive. */
export function auditQuery(state: { actor: string; action: string; from: string; to: string }): Record<string, string> {
  const instant = (day: string, plus: number): string => {
    const at = new Date(`${day}T00:00:00`)
    return day === '' || Number.isNaN(at.getTime()) ? '' : new Date(at.getTime() + plus).toISOString()
  }
  return { actor: state.actor.trim(), action: state.action, from: instant(state.from, 0), to: instant(state.to, DAY_MS) }
}
