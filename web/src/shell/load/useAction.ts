import { ElMessage } from 'element-plus'
import { ref, type Ref } from 'vue'
import { useProblemText } from '../useProblemText'

/** Does what a person asked for: busy meanwhile, told when it is done, told why when it failed. */
export function useAction(): { isBusy: Ref<boolean>; act: (work: () => Promise<unknown>, done?: string) => Promise<boolean> } {
  const isBusy = ref(false)
  const problemText = useProblemText()
  async function act(work: () => Promise<unknown>, done?: string): Promise<boolean> {
    isBusy.value = true
    try {
      await work()
      if (done) ElMessage.success(done)
      return true
    } catch (failure) {
      ElMessage.error({ message: problemText(failure).full, duration: 8000, showClose: true })
      return false
    } finally {
      isBusy.value = false
    }
  }
  return { isBusy, act }
}
