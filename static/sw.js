// Keeps the shell and all it names on the device, so that the game opens without a network. Nothing else passes here.
const SLOW_MS = 3000;
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

async function shell(event) {
  const asked = fetch(event.request).then((answer) => {
    if (answer.ok) event.waitUntil(keep(answer.clone()));
    return answer.ok ? answer : kept("/").then((it) => it ?? answer);
  });
  const slow = new Promise((resolve) => setTimeout(resolve, SLOW_MS)).then(() => kept("/"));
  return Promise.race([asked, slow.then((it) => it ?? asked)]).catch(async () => (await kept("/")) ?? Response.error());
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(fetch("/").then(keep));
});

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate" && pathname === "/") event.respondWith(shell(event));
  else if (origin === location.origin && pathname.startsWith("/static/"))
    event.respondWith(kept(event.request).then((it) => it ?? fetch(event.request)));
});
