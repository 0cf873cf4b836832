declare global {
  interface Window {
    /** What `public/start.js` asked before these scripts were there; null: it failed. */
    earlyAnswers?: Record<string, Promise<Response | null>>
  }
}

/** An answer that was asked for early. It is good for one question: the next may be about something newer. */
export async function takeEarly(path: string): Promise<Response | null> {
  const answer = window.earlyAnswers?.[path]
  delete window.earlyAnswers?.[path]
  return (await answer) ?? null
}
