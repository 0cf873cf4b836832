/** Colours for figures that few places dominate: classes hold about as many places each, not as wide a range each. */

export interface ColourClass {
  /** Smallest and largest value in it. */
  from: number
  to: number
  colour: string
  count: number
}

export interface ColourScale {
  classes: ColourClass[]
  zeroCount: number
  missingCount: number
  colourOf(value: number | null | undefined): string
}

export interface Palette {
  /** From little to much. */
  steps: readonly string[]
  zero: string
  missing: string
}

export const LIGHT: Palette = {
  steps: ['#cfe8e4', '#9ed2cb', '#66b6ae', '#2f9590', '#0b6e6e', '#064848'],
  zero: '#f3efe6',
  missing: '#e3e5e8',
}
export const DARK: Palette = {
  steps: ['#123b3b', '#17595a', '#1f7a79', '#2f9d98', '#5cc4bc', '#b2f0e6'],
  zero: '#3b372c',
  missing: '#2a2d31',
}

/**
 * Quantile classes of the values above zero. Zero and "no data" have colours of their own; equal values are never
 * split between classes.
 */
export function quantileScale(values: readonly (number | null | undefined)[], palette: Palette): ColourScale {
  const known = values.filter((value): value is number => typeof value === 'number')
  const above = known.filter((value) => value > 0).sort((one, other) => one - other)
  const distinct = [...new Set(above)]
  const wanted = Math.min(palette.steps.length, distinct.length)
  const classes: ColourClass[] = []
  let at = 0
  for (let step = 0; step < wanted && at < above.length; step++) {
    let end = Math.max(at, Math.round(((step + 1) * above.length) / wanted) - 1)
    while (end + 1 < above.length && above[end + 1] === above[end]) end++
    if (step === wanted - 1) end = above.length - 1
    classes.push({ from: above[at]!, to: above[end]!, colour: '', count: end - at + 1 })
    at = end + 1
  }
  classes.forEach((each, position) => {
    each.colour = palette.steps[stepFor(position, classes.length, palette.steps.length)]!
  })
  return {
    classes,
    zeroCount: known.length - above.length,
    missingCount: values.length - known.length,
    colourOf(value) {
      if (value === null || value === undefined) return palette.missing
      if (value <= 0) return palette.zero
      // Values between two classes belong to the lower one; the largest is its own bound.
      const found = classes.findLast((each) => value >= each.from) ?? classes[0]
      return found?.colour ?? palette.missing
    },
  }
}

/** Few classes are spread over the whole palette, so that the largest is always the darkest. */
function stepFor(position: number, classes: number, steps: number): number {
  if (classes === 1) return steps - 2
  return Math.round((position * (steps - 1)) / (classes - 1))
}
