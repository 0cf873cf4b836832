import { computed, onMounted, type Ref } from 'vue'
import { placeWithin } from '@/map/scope'
import { current } from '@/shell/session'
import { readQuestion, type SalesWords } from './question'

/** What the address asks, within the regions that the account is limited to; without any, within the whole country. */
export function useScopedQuestion(words: Ref<Readonly<SalesWords>>, change: (words: Partial<SalesWords>) => unknown) {
  const scope = current.session?.regions ?? []
  const question = computed(() => {
    const asked = readQuestion(words.value)
    return { ...asked, region: placeWithin(asked.region, scope) }
  })
  // The address names the place that is shown, so that whoever is sent it sees the same.
  onMounted(() => { if (question.value.region !== words.value.region) void change({ region: question.value.region }) })
  return { scope, question }
}
