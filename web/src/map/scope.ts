/** Where on the map somebody starts who sees some regions only, and how far up and down they may look. */
import { chainOf, cityOf, liesIn } from './regions'

/**
 * The place that a map starts at: the region itself if it is one, of a county its city; of several the smallest place
 * that holds them all. '' is the country: of who sees everything, and of who sees parts of several provinces.
 */
export function startPlace(regions: readonly string[]): string {
  const [first, ...others] = regions.map(chainOf)
  if (!first) return ''
  const shared = first.filter((place, at) => others.every((chain) => chain[at] === place))
  return cityOf(shared.at(-1) ?? '')
}

/** Whether there is anything for them to see in a place: it lies in a region of theirs, or between one and the start. */
export function isReachable(place: string, regions: readonly string[]): boolean {
  if (regions.length === 0) return true
  return liesIn(place, startPlace(regions)) && regions.some((region) => liesIn(place, region) || liesIn(region, place))
}

/** The place that is asked for if they may look there, else where they start. */
export const placeWithin = (asked: string, regions: readonly string[]): string =>
  isReachable(asked, regions) ? asked : startPlace(regions)
