// What the device keeps, and which tab owns it. Where storage is blocked it is kept for as long as the page lives.
import { createStore, promisifyRequest } from "../vendor/idb-keyval.js";

const RELOAD_MS = 300; // how long the page before a reload may take to let go
const memory = new Map();
const database = createStore("clicker", "kept");
const attempt = (mode, work) => Promise.resolve().then(() => database(mode, work)).catch(() => {});

// Commits at once: also when the page is on its way out.
const change = (work) =>
  attempt("readwrite", (store) => {
    work(store);
    store.transaction.commit?.();
    return promisifyRequest(store.transaction);
  });

// Everything whose key begins so.
export async function all(prefix) {
  const range = (store) => promisifyRequest(store.getAll(IDBKeyRange.bound(prefix, `${prefix}~`)));
  return (await attempt("readonly", range)) ?? [...memory.values()].filter(({ key }) => key.startsWith(prefix));
}

export function write(value) {
  memory.set(value.key, value);
  return change((store) => store.put(value, value.key));
}

export function remove(key) {
  memory.delete(key);
  return change((store) => store.delete(key));
}

// True if this tab owns the key from now on, until it closes: two tabs never send one queue.
export const own = (key) =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve(true); // a browser from before 2022
    const hold = () => new Promise(() => resolve(true));
    const signal = AbortSignal.timeout?.(RELOAD_MS);
    navigator.locks.request(key, { signal }, hold).catch(() => resolve(false));
  });
