import type { SystemStream } from './system'

/** Whether another choice was made than the one that holds. */
export function isSelection(streams: readonly SystemStream[], selected: ReadonlySet<string>): boolean {
  return streams.some((stream) => stream.is_selected !== selected.has(stream.stream))
}

/**
 * What `[sync] streams` says for a choice; undefined where the key is not needed, for all are read without it.
 * A file that lists its streams goes on listing them.
 */
export function chosenStreams(streams: readonly SystemStream[], selected: ReadonlySet<string>, wasListed: boolean): string[] | undefined {
  const chosen = streams.filter((stream) => selected.has(stream.stream)).map((stream) => stream.stream)
  return chosen.length === streams.length && !wasListed ? undefined : chosen
}
