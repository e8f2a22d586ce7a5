// What the device keeps, and which tab owns it. Where storage is blocked it is kept for as long as the page lives.
// IndexedDB answers late: what a page writes as it ends may be aborted, or come after the next page has read. That goes
// to localStorage as well, which is written at once, and the newer of both counts (`at`).
import { createStore, promisifyRequest } from "../vendor/idb-keyval.js";

const RELOAD_MS = 300; // how long the page before a reload may take to let go
const memory = new Map();
const database = createStore("clicker", "kept");
let blocked = false;
const attempt = async (mode, work) => database(mode, work);
const notes = (work, otherwise) => {
  try {
    return work(localStorage);
  } catch {
    return otherwise;
  }
};
const change = (work) =>
  attempt("readwrite", (store) => {
    work(store);
    store.transaction.commit?.();
    return promisifyRequest(store.transaction);
  });

// Everything whose key begins so.
export async function all(prefix) {
  const range = (store) => promisifyRequest(store.getAll(IDBKeyRange.bound(prefix, `${prefix}~`)));
  const found = await attempt("readonly", range).catch(() => ((blocked = true), [...memory.values()]));
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  const noted = notes((it) => keys().map((key) => JSON.parse(it[key])), []);
  const newest = new Map();
  for (const it of [...found, ...noted])
    if (it.key.startsWith(prefix) && !(newest.get(it.key)?.at >= it.at)) newest.set(it.key, it);
  return [...newest.values()];
}

// False if it is not sure that a later page finds this, and nothing older in its place.
export const writeNow = (value) => notes((it) => ((it[value.key] = JSON.stringify(value)), true), blocked);

export function write(value) {
  memory.set(value.key, value);
  return change((store) => store.put(value, value.key)).catch(() => writeNow(value));
}

export function remove(key) {
  memory.delete(key);
  notes((it) => it.removeItem(key));
  return change((store) => store.delete(key)).catch(() => {});
}

// True if this tab owns the key from now on, until it closes: two tabs never send one queue.
export const own = (key) =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve(true); // a browser from before 2022
    const hold = () => new Promise(() => resolve(true));
    const signal = AbortSignal.timeout?.(RELOAD_MS);
    navigator.locks.request(key, { signal }, hold).catch(() => resolve(false));
  });
