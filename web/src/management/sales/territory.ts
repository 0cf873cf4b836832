import { liesIn } from '@/map/regions'
import type { Territory } from './useTerritories'

/** Who holds a region: rules for it, or for what it lies in. Parts of it count, too, and are marked as such. */
export function holdersOf(rules: readonly Territory[], code: string): { whole: string[]; part: string[] } {
  const name = (rule: Territory) => rule.dealer_name ?? rule.dealer_code
  const whole = new Set(rules.filter((rule) => liesIn(code, rule.region_code)).map(name))
  const part = new Set(
    rules.filter((rule) => rule.region_code !== code && liesIn(rule.region_code, code)).map(name).filter((each) => !whole.has(each)),
  )
  return { whole: [...whole], part: [...part] }
}
