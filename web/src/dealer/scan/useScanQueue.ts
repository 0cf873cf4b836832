import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { useProblemText } from '@/shell/useProblemText'
import { eventsOf, type Batch } from './batch'
import { openDeliveryStore } from './deliveryStore'
import { ScanQueue, type Delivery } from './queue'
import { sender } from './send'

/** The queue of whoever is signed in, on a page: sends by itself when there is a network. */
export function useScanQueue(login: string, dealer: string): {
  deliveries: ShallowRef<Delivery[]>
  isOnline: Ref<boolean>
  isSending: Ref<boolean>
  storeProblem: Ref<boolean>
  close: (batch: Batch) => Promise<void>
  flush: () => Promise<void>
  forget: (batch_id: string) => Promise<void>
} {
  const problemText = useProblemText()
  const deliveries = shallowRef<Delivery[]>([])
  const isOnline = ref(navigator.onLine)
  const isSending = ref(false)
  const storeProblem = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const opening = openDeliveryStore()
    .then((store) => new ScanQueue(store, login, sender((error) => problemText(error).full)))
    .catch((error: unknown) => { storeProblem.value = true; throw error })

  async function refresh(): Promise<void> {
    deliveries.value = await (await opening).list()
  }
  async function flush(): Promise<void> {
    clearTimeout(timer)
    const queue = await opening
    isSending.value = true
    try {
      const wait = await queue.flush()
      if (wait !== undefined) timer = setTimeout(() => void flush(), wait * 1000)
    } finally {
      isSending.value = false
      await refresh()
    }
  }
  async function close(batch: Batch): Promise<void> {
    const at = new Date().toISOString()
    const plain = JSON.parse(JSON.stringify(batch)) as Batch
    await (await opening).add(plain.batch_id, plain.movement, at, eventsOf(plain, dealer, at))
    await refresh()
    void flush()
  }
  async function forget(batch_id: string): Promise<void> {
    await (await opening).forget(batch_id)
    await refresh()
  }

  const onOnline = (): void => { isOnline.value = true; void flush() }
  const onOffline = (): void => { isOnline.value = false }
  window.addEventListener('online', onOnline)
  window.addEventListener('offline', onOffline)
  onScopeDispose(() => {
    clearTimeout(timer)
    window.removeEventListener('online', onOnline)
    window.removeEventListener('offline', onOffline)
  })
  void flush().catch(() => { storeProblem.value = true })
  return { deliveries, isOnline, isSending, storeProblem, close, flush, forget }
}
