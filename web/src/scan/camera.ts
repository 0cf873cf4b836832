/** Reads codes off pictures of a video. */
export interface Decoder { read(video: HTMLVideoElement): Promise<string[]> }

interface DetectorClass {
  new (options: { formats: string[] }): { detect(source: CanvasImageSource): Promise<{ rawValue: string }[]> }
  getSupportedFormats(): Promise<string[]>
}

/** What goods are labelled with. */
const FORMATS = ['qr_code', 'data_matrix', 'code_128', 'code_39', 'ean_13', 'itf']

/** Milliseconds between two looks: quick enough for a hand, slow enough for the battery. */
const LOOK_EVERY_MS = 150

/** The same code is told again only after it was out of sight so long. */
const AGAIN_MS = 2500

/** The browser's own detector where it has one, else a bundled one, loaded only then. */
export async function openDecoder(): Promise<Decoder> {
  const own = await ownDetector()
  return own ?? (await import('./zxingDecoder')).openZxing()
}

async function ownDetector(): Promise<Decoder | undefined> {
  const Detector = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector
  if (!Detector) return undefined
  try {
    const supported = await Detector.getSupportedFormats()
    // Desktop browsers may have the class and no format behind it.
    if (!supported.includes('qr_code')) return undefined
    const detector = new Detector({ formats: FORMATS.filter((format) => supported.includes(format)) })
    return { read: async (video) => (await detector.detect(video)).map((found) => found.rawValue) }
  } catch {
    return undefined
  }
}

/** Why there is no picture; a message key. */
export function cameraProblem(error: unknown): string {
  if (!globalThis.isSecureContext) return 'scan.camera.insecure'
  switch ((error as DOMException | undefined)?.name) {
    case 'NotAllowedError':
    case 'SecurityError': return 'scan.camera.denied'
    case 'NotFoundError':
    case 'OverconstrainedError': return 'scan.camera.none'
    case 'NotReadableError': return 'scan.camera.busy'
    default: return 'scan.camera.failed'
  }
}

/** Tells each code once while it stays in sight. */
export class SeenOnce {
  private readonly seen = new Map<string, number>()

  /** Whether a code read at this time is news. */
  isNew(code: string, at: number): boolean {
    const before = this.seen.get(code)
    this.seen.set(code, at)
    return before === undefined || at - before > AGAIN_MS
  }
}

/** Shows the rear camera in `video` and tells every code it sees. Answers how to stop. */
export async function watch(video: HTMLVideoElement, onCode: (code: string) => void): Promise<() => void> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  const stop = (): void => {
    stopped = true
    clearTimeout(timer)
    stream.getTracks().forEach((track) => track.stop())
    video.srcObject = null
  }
  try {
    video.srcObject = stream
    await video.play()
    const decoder = await openDecoder()
    const once = new SeenOnce()
    const look = async (): Promise<void> => {
      if (stopped) return
      const codes = video.readyState >= 2 ? await decoder.read(video).catch(() => []) : []
      if (stopped) return
      for (const code of codes) if (once.isNew(code, performance.now())) onCode(code)
      timer = setTimeout(look, LOOK_EVERY_MS)
    }
    await look()
    return stop
  } catch (error) {
    stop()
    throw error
  }
}
