// How long it takes from a click to the map of the place, and from opening the page to the first map, as performance
// entries `drill` and `first-map`, for whoever measures.
let asked = false
let first = true

export function markDrill(): void {
  performance.mark('drill-asked')
  asked = true
}

export function markDrawn(): void {
  if (first) {
    first = false
    performance.measure('first-map', { start: 0, end: performance.now() })
  }
  if (asked) {
    asked = false
    performance.measure('drill', 'drill-asked')
  }
}
