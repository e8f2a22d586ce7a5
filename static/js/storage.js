// What the device keeps, and which tab owns it. Where storage is blocked nothing outlives the page. IndexedDB answers
// late: what a page writes as it ends may be aborted, so that goes to localStorage as well; the newer one counts (`at`).
import { createStore, promisifyRequest } from "../vendor/idb-keyval.js";

const RELOAD_MS = 300; // how long the page before a reload may take to let go
const database = createStore("clicker", "kept");
let blocked = false;
const attempt = async (mode, work) => database(mode, (store) => promisifyRequest(work(store)));
const change = (work) =>
  attempt("readwrite", (store) => {
    work(store);
    store.transaction.commit?.();
    return store.transaction;
  });

// True if it could be done.
function note(work) {
  try {
    work(localStorage);
    return true;
  } catch {}
}

// Everything whose key begins so.
export async function all(prefix) {
  const range = (store) => store.getAll(IDBKeyRange.bound(prefix, `${prefix}~`));
  const found = await attempt("readonly", range).catch(() => ((blocked = true), []));
  note((it) => {
    for (const key in it) if (key.startsWith(prefix)) found.push(JSON.parse(it[key]));
  });
  return [...new Map(found.sort((a, b) => a.at - b.at).map((it) => [it.key, it])).values()];
}

// False if it is not sure that a later page finds this, and nothing older in its place.
export const writeNow = (value) => note((it) => (it[value.key] = JSON.stringify(value))) ?? blocked;
export const write = (value) => change((store) => store.put(value, value.key)).catch(() => writeNow(value));
export function remove(key) {
  note((it) => it.removeItem(key));
  change((store) => store.delete(key)).catch(() => {});
}

// True if this tab owns the key from now on, until it closes: two tabs never send one queue.
export const own = (key) =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve(true); // a browser from before 2022
    const hold = () => new Promise(() => resolve(true));
    navigator.locks.request(key, { signal: AbortSignal.timeout?.(RELOAD_MS) }, hold).catch(() => resolve(false));
  });
