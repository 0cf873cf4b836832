import { ElMessage } from 'element-plus'
import { ref } from 'vue'
import { useProblemText } from '@/shell/useProblemText'

/** A file that is being made; a failure is told, because a download that does not come says nothing. */
export function useExport<F extends string = 'csv' | 'xlsx'>(make: (format: F) => Promise<void>) {
  const problemText = useProblemText()
  const making = ref<F | null>(null)
  async function save(format: F): Promise<void> {
    if (making.value) return
    making.value = format as never
    try {
      await make(format)
    } catch (failure) {
      ElMessage.error(problemText(failure).full)
    } finally {
      making.value = null
    }
  }
  return { making, save }
}
