/** An error as the hub tells it (RFC 9457), in two languages. */
export interface ProblemBody {
  type?: string
  title?: string
  title_zh?: string
  status?: number
  code?: string
  detail?: string
  detail_zh?: string
}

/** A request that was answered with an error, or not at all (`status` 0). */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly body: ProblemBody

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = body.code ?? (status === 0 ? 'unreachable' : `http_${status}`)
    this.body = body
  }

  /** Title and detail in the language of the reader. */
  text(locale: string): { title: string; detail: string } {
    const { title, title_zh, detail, detail_zh } = this.body
    if (locale.startsWith('zh')) {
      return { title: title_zh ?? title ?? '', detail: detail_zh ?? detail ?? '' }
    }
    return { title: title ?? title_zh ?? '', detail: detail ?? detail_zh ?? '' }
  }
}

/** Reads an error answer, whatever it is. */
export async function problemOf(response: Response): Promise<Problem> {
  const kind = response.headers.get('content-type') ?? ''
  if (kind.includes('json')) {
    const body = (await response.json().catch(() => ({}))) as ProblemBody
    return new Problem(response.status, body)
  }
  // A proxy between hub and browser answers in HTML; its text helps nobody.
  return new Problem(response.status, { status: response.status })
}
