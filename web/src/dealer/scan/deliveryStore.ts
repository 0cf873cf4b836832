import type { Delivery, DeliveryStore } from './queue'

const DATABASE = 'yuanliu-scans'
const TABLE = 'deliveries'
const PREFIX = 'yuanliu.delivery.'

/** IndexedDB; where the browser forbids it (private windows of some), local storage. */
export async function openDeliveryStore(): Promise<DeliveryStore> {
  try {
    return new IndexedStore(await openDatabase())
  } catch {
    return new LocalStore(localStorage)
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(TABLE, { keyPath: 'batch_id' }).createIndex('login', 'login')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

class IndexedStore implements DeliveryStore {
  constructor(private readonly database: IDBDatabase) {}

  all(login: string): Promise<Delivery[]> {
    return this.run('readonly', (table) => table.index('login').getAll(login) as IDBRequest<Delivery[]>)
  }

  async put(delivery: Delivery): Promise<void> {
    // Through JSON: a reactive object of the page cannot be stored as it is.
    await this.run('readwrite', (table) => table.put(JSON.parse(JSON.stringify(delivery))))
  }

  async remove(batch_id: string): Promise<void> {
    await this.run('readwrite', (table) => table.delete(batch_id))
  }

  private run<T>(mode: IDBTransactionMode, ask: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const transaction = this.database.transaction(TABLE, mode)
      const request = ask(transaction.objectStore(TABLE))
      // The transaction, not the request: only then it is on the disk.
      transaction.oncomplete = () => resolve(request.result)
      transaction.onerror = () => reject(transaction.error)
      transaction.onabort = () => reject(transaction.error)
    })
  }
}

/** Deliveries as one key each. */
export class LocalStore implements DeliveryStore {
  constructor(private readonly storage: Storage) {}

  async all(login: string): Promise<Delivery[]> {
    const keys = Array.from({ length: this.storage.length }, (_, at) => this.storage.key(at) ?? '')
    return keys.filter((key) => key.startsWith(PREFIX))
      .map((key) => JSON.parse(this.storage.getItem(key) ?? 'null') as Delivery | null)
      .filter((delivery): delivery is Delivery => delivery?.login === login)
  }

  async put(delivery: Delivery): Promise<void> {
    this.storage.setItem(PREFIX + delivery.batch_id, JSON.stringify(delivery))
  }

  async remove(batch_id: string): Promise<void> {
    this.storage.removeItem(PREFIX + batch_id)
  }
}
