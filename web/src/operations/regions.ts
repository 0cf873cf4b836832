/** Names of regions by code, asked for once and kept while the window is open. */
import { reactive } from 'vue'
import { api, itemsOf } from '@/api/client'

const names = reactive(new Map<string, string>())
const asked = new Map<string, Promise<void>>()

const provinceOf = (code: string): string => `${code.slice(0, 2)}0000`
const cityOf = (code: string): string => `${code.slice(0, 4)}00`

function learnChildren(parent: string): Promise<void> {
  let known = asked.get(parent)
  if (!known) {
    known = itemsOf(api.GET('/api/v1/regions', { params: { query: { parent } } }))
      .then((regions) => {
        for (const region of regions) names.set(region.region_code, region.name)
      })
      // A code is readable without its name; the next page asks again.
      .catch(() => void asked.delete(parent))
    asked.set(parent, known)
  }
  return known
}

/** Sees to it that these codes have names. */
export async function learnRegions(codes: Iterable<string | null | undefined>): Promise<void> {
  const wanted = [...codes].filter((code): code is string => !!code && /^\d{6}$/.test(code))
  await Promise.all(['', ...new Set(wanted.map(provinceOf))].map(learnChildren))
  // Counties that a province governs directly are known by now; the city that their code speaks of does not exist.
  const cities = new Set(wanted.filter((code) => !names.has(code)).map(cityOf).filter((city) => names.has(city)))
  await Promise.all([...cities].map(learnChildren))
}

/** `山西省阳泉市城区`, as far as it is known; the code itself if nothing is. */
export function regionName(code: string | null | undefined): string {
  if (!code) return ''
  const chain = [...new Set([provinceOf(code), cityOf(code), code])]
  const known = chain.map((one) => names.get(one)).filter((name): name is string => !!name)
  return names.has(code) ? [...new Set(known)].join('') : code
}
