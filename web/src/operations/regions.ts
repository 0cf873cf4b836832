/** Names of regions by code, asked for once and kept while the window is open. */
import { reactive } from 'vue'
import { get } from '@/api/request'

interface Region {
  region_code: string
  name: string
}

const names = reactive(new Map<string, string>())
const asked = new Map<string, Promise<void>>()

/** The regions above a code, from the country down: whose children have to be known to name it. */
export function parentsOf(code: string): string[] {
  const province = `${code.slice(0, 2)}0000`
  const city = `${code.slice(0, 4)}00`
  if (code === province) return ['']
  if (code === city) return ['', province]
  return ['', province, city]
}

function children(parent: string): Promise<void> {
  let known = asked.get(parent)
  if (!known) {
    known = get<Region[] | { items: Region[] }>('/regions', { parent })
      .then((answer) => {
        for (const region of Array.isArray(answer) ? answer : answer.items) names.set(region.region_code, region.name)
      })
      // A code is readable without its name; the next page asks again.
      .catch(() => void asked.delete(parent))
    asked.set(parent, known)
  }
  return known
}

/** Sees to it that these codes have names. */
export async function learnRegions(codes: Iterable<string | null | undefined>): Promise<void> {
  const parents = new Set<string>()
  for (const code of codes) if (code && /^\d{6}$/.test(code)) for (const parent of parentsOf(code)) parents.add(parent)
  await Promise.all([...parents].map(children))
}

/** `山西省阳泉市城区`, as far as it is known; the code itself if nothing is. */
export function regionName(code: string | null | undefined): string {
  if (!code) return ''
  const chain = [...new Set([`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code])]
  const known = chain.map((one) => names.get(one)).filter((name): name is string => !!name)
  return names.has(code) ? [...new Set(known)].join('') : code
}
