// What the device keeps, and which tab owns it. Where storage is blocked or full, nothing is kept and nothing fails.

const RELOAD_MS = 300; // how long the page before a reload may take to let go

function attempt(act) {
  try {
    return act() ?? undefined;
  } catch {}
}

export const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key)));
export const write = (key, value) => attempt(() => localStorage.setItem(key, JSON.stringify(value)));
export const remove = (key) => attempt(() => localStorage.removeItem(key));
export const keys = (prefix) => attempt(() => Object.keys(localStorage))?.filter((key) => key.startsWith(prefix)) ?? [];

// True if this tab owns the key from now on, until it closes: two tabs never send one queue. A browser without
// Web Locks (before 2022) owns all it asks for.
export const own = (key) =>
  new Promise((resolve) => {
    if (!navigator.locks) return resolve(true);
    const hold = () => new Promise(() => resolve(true));
    const signal = attempt(() => AbortSignal.timeout(RELOAD_MS));
    navigator.locks.request(key, { signal }, hold).catch(() => resolve(false));
  });
