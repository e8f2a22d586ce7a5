// The session and its queue: gone on with, or opened with initData.
import { $, arrived, attempt, backoff, initData, keyOf, on, root, say, submit, user } from "./page.js";
import { Queue } from "./queue.js";
import { drawKept, read, write } from "./storage.js";

export let queue = new Queue();
let coming = false;
let yields = null;
let retry = 0;

on("DOMContentLoaded", async () => {
	if (!initData()) await arrived;
	const { id, language_code: lang } = user();
	if (!id) return ($("outside").hidden = false);
	drawKept();
	root.lang = $("game").lang || lang?.slice(0, 2) || root.lang;
	come();
	on("shown", come);
	on("settled", come);
	addEventListener("storage", (event) => event.key === keyOf("leader") && yields?.());
	navigator.serviceWorker?.register("/sw.js").catch(() => {});
});

// Of several tabs the last one used leads.
async function come() {
	if (coming) return;
	coming = true;
	const lock = (how) => navigator.locks.request(keyOf("queue"), how, lead);
	const told = attempt(() => (localStorage[keyOf("leader")] = Math.random()));
	if (!told || !AbortSignal.timeout) return lead();
	await lock({ signal: AbortSignal.timeout(1000) })
		.catch((it) => (it.name === "TimeoutError" ? lock({ steal: true }) : leave()))
		.catch(leave);
	coming = false;
}

function leave() {
	const from = queue;
	yields = null;
	queue = new Queue({ ...from, waiting: 0, delta: 0 });
	return from;
}

async function lead() {
	const saved = await read(keyOf("queue"));
	const { waiting } = queue;
	queue = new Queue(saved, (state, now) => write({ ...state, key: keyOf("queue") }, now));
	queue.waiting += waiting;
	queue.save();
	if ($("tap")) say("drawn");
	queue.token ? resume() : open();
	await new Promise((done) => (yields = () => leave().save().then(done)));
}

async function ask(path, values, failures = 1) {
	clearTimeout(retry);
	const { status, headers } = await submit(path, "game", values);
	if (status && status < 429) return;
	if ($("tap")) say("failing");
	clearTimeout(retry);
	retry = setTimeout(ask, backoff(failures, headers), path, values, failures + 1);
}

export const resume = () => ask("/session/resume");
const open = () => ask("/session", { init_data: initData() });

on("htmx:config:request", ({ ctx: { request } }) => {
	delete request.headers["HX-Current-URL"]; // bears initData
	request.headers["Accept-Language"] = root.lang;
	if (queue.token) request.headers.Authorization = `Bearer ${queue.token}`;
});
on("htmx:after:request", ({ ctx: { request, response } }, event) => {
	if (response.status !== 401 || request.action === "/session") return;
	event.preventDefault();
	if (request.headers.Authorization?.endsWith(queue.token)) queue.token = void setTimeout(open);
});
on("htmx:after:swap", ({ ctx: { target, response } }) => {
	if (target?.id !== "game" || response.status >= 300) return;
	clearTimeout(retry);
	const { token, session, sequence, deferred } = $("game").dataset;
	root.lang = $("game").lang;
	queue.judge(session, +sequence, +deferred);
	queue.token = token;
	queue.save();
	say("drawn");
	say("entered");
});
