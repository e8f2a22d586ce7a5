// Keeps the shell and all it names on the device, so that the game opens without a network. Nothing else passes here.
const SLOW_MS = 3000;
const sound = (answer) => (answer.ok ? answer : Promise.reject(answer));
const kept = (request) => caches.match(request, { ignoreVary: true });

// Addresses bear a digest: a shell and its files always fit together, and what the shell does not name is old.
async function keep(shell) {
  const named = new Set((await shell.clone().text()).match(/\/static\/[\w./-]+/g));
  const cache = await caches.open("clicker");
  const old = (await cache.keys()).filter(({ url }) => !named.delete(new URL(url).pathname));
  await cache.addAll(named);
  await cache.put("/", shell);
  for (const request of old) if (new URL(request.url).pathname !== "/") cache.delete(request);
}

// The network's, unless it is slow, away or refuses.
function shell(event) {
  const asked = fetch(event.request);
  const good = asked.then(sound);
  event.waitUntil(good.then((answer) => keep(answer.clone())).catch(() => {}));
  const slow = new Promise((_, reject) => setTimeout(reject, SLOW_MS));
  return Promise.race([good, slow]).catch(async () => (await kept("/")) ?? asked);
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(fetch("/").then(sound).then(keep));
});

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate" && pathname === "/") event.respondWith(shell(event));
  else if (origin === location.origin && pathname.startsWith("/static/"))
    event.respondWith(kept(event.request).then((it) => it ?? fetch(event.request)));
});
