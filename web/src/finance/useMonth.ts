import { computed, type ComputedRef, type WritableComputedRef } from 'vue'
import { useUrlState } from '@/shell/filters/useUrlState'
import { daysOf, isMonth, monthOf, shift } from './month'

/** The month a finance page is about, kept in its address; without one the month before this one, which is the one to close. */
export function useMonth(): { month: WritableComputedRef<string>; days: ComputedRef<{ from: string; to: string }> } {
  const fallback = shift(monthOf(new Date()), -1)
  const field = useUrlState({ month: fallback }).field('month')
  const month = computed({ get: () => (isMonth(field.value) ? field.value : fallback), set: (next) => { if (isMonth(next)) field.value = next } })
  return { month, days: computed(() => daysOf(month.value)) }
}
