import { API_BASE, type Query, queryText, request } from './request'

/** The name the hub gives an attachment, or the fallback. */
export function fileNameOf(disposition: string | null, fallback: string): string {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')
  if (extended?.[1]) return decodeURIComponent(extended[1])
  const plain = /filename="?([^";]+)"?/i.exec(disposition ?? '')
  return plain?.[1] ?? fallback
}

/** Fetches a file and hands it to the browser; errors are thrown before anything is saved. */
export async function download(path: string, query: Query, fallbackName: string): Promise<void> {
  const response = await request(API_BASE + path + queryText(query))
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = fileNameOf(response.headers.get('content-disposition'), fallbackName)
  link.click()
  // The browser has taken the blob by the next turn; keeping it would hold the file in memory.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
