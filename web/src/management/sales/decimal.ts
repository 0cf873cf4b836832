import type { Cell } from '@/api/reports'

/** Decimals of quantities and amounts, kept as whole numbers of 10⁻⁶ so that sums are exact. */
const PLACES = 6

function scaled(value: Cell | undefined): bigint {
  if (value === null || value === undefined || value === '') return 0n
  const text = typeof value === 'number' ? value.toFixed(PLACES) : String(value)
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text.trim()) ?? []
  if (whole === undefined) return BigInt(Math.round(Number(text) * 10 ** PLACES) || 0)
  const digits = BigInt(whole + fraction.slice(0, PLACES).padEnd(PLACES, '0'))
  return sign ? -digits : digits
}

function written(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(PLACES + 1, '0')
  const fraction = digits.slice(-PLACES).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -PLACES)}${fraction ? `.${fraction}` : ''}`
}

/** The sum as a decimal; missing values count as nothing. */
export const sumOf = (values: readonly (Cell | undefined)[]): string =>
  written(values.reduce<bigint>((sum, value) => sum + scaled(value), 0n))

export const differenceOf = (one: Cell | undefined, other: Cell | undefined): string => written(scaled(one) - scaled(other))
