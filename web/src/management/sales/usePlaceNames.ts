import { type Ref, shallowRef, watch } from 'vue'
import { namesOf } from '@/map/areas'

/** Names by code of a place and all above it. Without an answer the codes themselves are shown. */
export function usePlaceNames(place: Ref<string>) {
  const names = shallowRef(new Map<string, string>())
  watch(place, async (code) => {
    names.value = await namesOf(code).catch(() => names.value)
  }, { immediate: true })
  return names
}
