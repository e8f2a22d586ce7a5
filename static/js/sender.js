// Sends one batch at a time, at the server's pace.
import { $, backoff, jitter, on, pace, say, submit, telegram } from "./page.js";
import { queue, resume } from "./session.js";

let timer = 0;
let sending = false;
let held = true;
let failures = 0;

function schedule(ms) {
	clearTimeout(timer);
	timer = setTimeout(send, ms);
}

async function send(now) {
	timer = 0;
	const from = queue;
	const batch = !sending && !held && from.take();
	if (!batch) return;
	sending = true;
	await from.save(now);
	const { id } = from;
	const { onLine } = navigator;
	const { status, headers } = await submit("/click", "score", batch);
	sending = false;
	if (from !== queue || id !== from.id) return schedule(0);
	const { sequence, deferred, myClicks } = $("score")?.dataset ?? {};
	if (status === 200 && queue.acknowledge(+sequence, +deferred)) {
		failures = 0;
		say("counted", +myClicks);
		return news();
	}
	held = [401, 403, 409].includes(status);
	if (status === 409 && !$("overlay").dataset.code) resume();
	if (status === 401 || !(status || onLine)) queue.tries -= 1;
	if ([413, 422].includes(status)) queue.land(0);
	if (held) return;
	failures += 1;
	if (failures > 1) say("failing");
	schedule(backoff(failures, headers));
}

function news() {
	const unsent = queue.unsent > 0;
	if (unsent && (timer || sending)) return;
	telegram((it) => (it.isClosingConfirmationEnabled = unsent));
	if (unsent) schedule(jitter(pace("flushMs")));
}

on("entered", () => {
	held = !$("tap");
	schedule(0);
});
on("settled", () => {
	queue.save();
	news();
});
on("shown", () => schedule(0));
on("hidden", () => {
	queue.save(true);
	if (navigator.onLine) send(true);
});
addEventListener("online", () => schedule((failures = 0)));
