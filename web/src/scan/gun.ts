/** Keys of a gun come this close behind each other, in milliseconds; no hand types so fast for long. */
const GAP_MS = 60

/** Shorter than this is a slip of the hand, not a code. */
const CODE_LENGTH_MIN = 4

/**
 * Reads a gun that acts as a keyboard: keys in quick succession, ended by Enter (or Tab).
 *
 * The scan field takes a gun without help; this is for when the focus is elsewhere on the page.
 */
export class GunReader {
  private keys = ''
  private last = 0

  constructor(private readonly onCode: (code: string) => void) {}

  /** Takes a key with its time; true if it ended a code and should not reach the page. */
  key(key: string, at: number): boolean {
    const isLate = at - this.last > GAP_MS
    this.last = at
    if (isLate) this.keys = ''
    if (key === 'Enter' || key === 'Tab') {
      const code = this.keys
      this.keys = ''
      if (code.length < CODE_LENGTH_MIN) return false
      this.onCode(code)
      return true
    }
    if (key.length === 1) this.keys += key
    return false
  }
}

/** Listens on the whole page except where text is typed. Answers how to stop. */
export function listenForGun(onCode: (code: string) => void): () => void {
  const reader = new GunReader(onCode)
  const listener = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement | null
    if (target?.closest('input, textarea, select, [contenteditable="true"]') || event.ctrlKey || event.metaKey) return
    if (reader.key(event.key, event.timeStamp)) event.preventDefault()
  }
  document.addEventListener('keydown', listener, true)
  return () => document.removeEventListener('keydown', listener, true)
}
