import { API_BASE } from './request'

/** What to do with each named event, and with the state of the connection. */
export interface LiveHandlers {
  on: Record<string, (data: unknown) => void>
  onState?: (isConnected: boolean) => void
}

/**
 * Follows a stream of server-sent events; returns the way to end it. The browser connects again by itself after a
 * break, `onState` tells when.
 */
export function follow(path: string, handlers: LiveHandlers): () => void {
  const source = new EventSource(API_BASE + path)
  for (const [name, handle] of Object.entries(handlers.on)) {
    source.addEventListener(name, (event) => handle(JSON.parse((event as MessageEvent<string>).data)))
  }
  source.onopen = () => handlers.onState?.(true)
  source.onerror = () => handlers.onState?.(false)
  return () => source.close()
}
