import { onBeforeUnmount, ref, type Ref } from 'vue'

/** Below this width a table with more than four columns hides what matters. */
const NARROW = '(max-width: 700px)'

/** Whether the screen is as narrow as a phone's, followed while the page is shown. */
export function useNarrow(): Ref<boolean> {
  const media = window.matchMedia(NARROW)
  const isNarrow = ref(media.matches)
  const look = () => { isNarrow.value = media.matches }
  media.addEventListener('change', look)
  onBeforeUnmount(() => media.removeEventListener('change', look))
  return isNarrow
}
