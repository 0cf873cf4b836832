import { difference, sum } from './decimal'

/** A row of `promoter-summary`. */
export interface PromoterMonth {
  period: string
  promoter_code: string
  claimed: number
  accepted: number
  held: number
  rejected: number
  clawed_back: number
  payable_amount: string | number | null
  clawback_amount: string | number | null
  retries?: number
  unpriced?: number
  over_stock?: number
}

/** A month of all promoters, and whether its counts add up. */
export interface MonthTotals {
  promoters: number
  claimed: number
  accepted: number
  held: number
  rejected: number
  clawed_back: number
  unpriced: number
  over_stock: number
  payable_amount: string
  clawback_amount: string
  net_amount: string
  /** Promoters whose claimed is not accepted + held + rejected; empty when all is well. */
  unbalanced: string[]
}

/** Whether every claim has been decided in one way. */
export function isBalanced(row: Pick<PromoterMonth, 'claimed' | 'accepted' | 'held' | 'rejected'>): boolean {
  return Number(row.claimed) === Number(row.accepted) + Number(row.held) + Number(row.rejected)
}

/** What the month comes to. */
export function totalsOf(rows: PromoterMonth[]): MonthTotals {
  const count = (pick: (row: PromoterMonth) => number | undefined): number =>
    rows.reduce((total, row) => total + Number(pick(row) ?? 0), 0)
  const payable_amount = sum(rows.map((row) => row.payable_amount))
  const clawback_amount = sum(rows.map((row) => row.clawback_amount))
  return {
    promoters: new Set(rows.map((row) => row.promoter_code)).size,
    claimed: count((row) => row.claimed),
    accepted: count((row) => row.accepted),
    held: count((row) => row.held),
    rejected: count((row) => row.rejected),
    clawed_back: count((row) => row.clawed_back),
    unpriced: count((row) => row.unpriced),
    over_stock: count((row) => row.over_stock),
    payable_amount,
    clawback_amount,
    net_amount: difference(payable_amount, clawback_amount),
    unbalanced: rows.filter((row) => !isBalanced(row)).map((row) => row.promoter_code),
  }
}
