/** Codes of regions (GB/T 2260): two digits province, four city, six county. */

export type RegionLevel = 'province' | 'city' | 'county'

/** Provinces without cities between them and their counties. */
const MUNICIPALITIES = new Set(['11', '12', '31', '50'])
/** Special administrative regions have districts right below them, as municipalities do. */
const SPECIAL = new Set(['81', '82'])
/** Cities without counties: they are their own county. */
const CITIES_WITHOUT_COUNTIES = new Set(['441900', '442000', '460400', '620200'])

export const isProvince = (code: string): boolean => code.endsWith('0000')

/** A county that the province rules itself is its own city (middle digits 90). */
const isRuledByProvince = (code: string): boolean => code.slice(2, 4) === '90'

/** The level at which a code is drawn and counted. */
export function levelOf(code: string): RegionLevel {
  if (isProvince(code)) return 'province'
  return code.endsWith('00') ? 'city' : 'county'
}

/** The level one below a place that is looked into; null: there is nothing below. */
export function levelBelow(code: string): RegionLevel | null {
  if (code === '') return 'province'
  const level = levelOf(code)
  if (level === 'county' || CITIES_WITHOUT_COUNTIES.has(code)) return null
  // Taiwan is known to the table of regions as a whole.
  if (code === '710000') return null
  if (level === 'province') return hasNoCities(code) ? 'county' : 'city'
  return 'county'
}

export const hasNoCities = (code: string): boolean =>
  MUNICIPALITIES.has(code.slice(0, 2)) || SPECIAL.has(code.slice(0, 2))

/** What codes below a place begin with, as `region_code=43*` asks for them. */
export function prefixOf(code: string): string {
  if (code === '') return ''
  return isProvince(code) ? code.slice(0, 2) : code.endsWith('00') ? code.slice(0, 4) : code
}

/** Does a place lie in another (or is it the same)? Everything lies in the country, ''. */
export const liesIn = (code: string, whole: string): boolean => code.startsWith(prefixOf(whole))

export const provinceOf = (code: string): string => `${code.slice(0, 2)}0000`

/** From the country down to the place: ['', '430000', '430100', '430121']. */
export function chainOf(code: string): string[] {
  if (code === '') return ['']
  const chain = ['', provinceOf(code)]
  if (isProvince(code)) return chain
  const city = `${code.slice(0, 4)}00`
  const isOwnCity = hasNoCities(code) || isRuledByProvince(code)
  if (!code.endsWith('00') && !isOwnCity) chain.push(city)
  chain.push(code)
  return chain
}

/** The city of a county; the municipality or the county itself where there is no city between. A larger place is its own. */
export function cityOf(code: string): string {
  if (code === '' || levelOf(code) !== 'county' || isRuledByProvince(code)) return code
  return hasNoCities(code) ? provinceOf(code) : `${code.slice(0, 4)}00`
}
