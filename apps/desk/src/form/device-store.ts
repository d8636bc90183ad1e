// What this device keeps until the server has it: photos, work to be sent, pages looked at before the network was lost.
const NAME = 'yimai';
const STORES = ['files', 'jobs', 'kept'] as const;
export type StoreName = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name, { keyPath: 'id' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = (await database()).transaction(store, mode);
  const request = ask(transaction.objectStore(store));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
    transaction.onerror = () => reject(transaction.error);
  });
}

export const keep = (store: StoreName, value: { readonly id: string }): Promise<unknown> =>
  run(store, 'readwrite', (each) => each.put(value));

export const drop = (store: StoreName, id: string): Promise<unknown> =>
  run(store, 'readwrite', (each) => each.delete(id));

export const kept = <T>(store: StoreName, id: string): Promise<T | undefined> =>
  run<T | undefined>(store, 'readonly', (each) => each.get(id));

export const allKept = <T>(store: StoreName): Promise<T[]> =>
  run<T[]>(store, 'readonly', (each) => each.getAll());

/** Everything of one kind leaves the device. */
export const clear = (store: StoreName): Promise<unknown> => run(store, 'readwrite', (each) => each.clear());
