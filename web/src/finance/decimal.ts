/** Exact decimals: money comes as text and is added as whole numbers, never as floats. */
interface Decimal { units: bigint; scale: number }

function read(value: string | number | null | undefined): Decimal {
  const text = String(value ?? '0').trim()
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) throw new Error(`not a decimal: ${text}`)
  const [, sign, whole = '', fraction = ''] = match
  const units = BigInt(whole + fraction)
  return { units: sign ? -units : units, scale: fraction.length }
}

function write({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const sign = units < 0n ? '-' : ''
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function at(value: Decimal, scale: number): bigint {
  return value.units * 10n ** BigInt(scale - value.scale)
}

/** The exact sum, with as many places as the finest summand. */
export function sum(values: Iterable<string | number | null | undefined>): string {
  let total: Decimal = { units: 0n, scale: 0 }
  for (const value of values) {
    const next = read(value)
    const scale = Math.max(total.scale, next.scale)
    total = { units: at(total, scale) + at(next, scale), scale }
  }
  return write(total)
}

/** `a` less `b`, exactly. */
export function difference(a: string | number | null | undefined, b: string | number | null | undefined): string {
  const [x, y] = [read(a), read(b)]
  const scale = Math.max(x.scale, y.scale)
  return write({ units: at(x, scale) - at(y, scale), scale })
}

/** An amount as people read it: groups of three and at least two places. */
export function money(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '—'
  const [whole = '', fraction = ''] = String(value).split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  return `${grouped}.${fraction.padEnd(2, '0')}`
}
