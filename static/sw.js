// Keeps the shell and what it names for when there is no network.
const kept = (request) => caches.match(request, { ignoreVary: true });

async function keep(shell) {
	if (!shell.ok) throw shell;
	const named = (await shell.clone().text()).match(/\/static\/[\w./-]+/g);
	const digest = named[0].split("/")[2];
	const cache = await caches.open(digest);
	if (!(await cache.match("/"))) await cache.addAll(named);
	await cache.put("/", shell);
	for (const name of await caches.keys()) if (name !== digest) caches.delete(name);
}

async function shell(event) {
	const fresh = fetch(event.request);
	event.waitUntil(fresh.then((it) => keep(it.clone())).catch(() => {}));
	const slow = new Promise((resolve) => setTimeout(resolve, 3000));
	const answer = await Promise.race([fresh, slow]).catch(() => {});
	return answer?.ok ? answer : ((await kept("/")) ?? fresh);
}

addEventListener("install", (event) => {
	skipWaiting();
	event.waitUntil(fetch("/").then(keep));
});

addEventListener("fetch", (event) => {
	const { pathname } = new URL(event.request.url);
	if (pathname === "/") event.respondWith(shell(event));
	else if (pathname.startsWith("/static/"))
		event.respondWith(kept(event.request).then((it) => it ?? fetch(event.request)));
});
