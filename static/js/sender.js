// Sends the queue: one batch at a time, at the server's pace, again and again until it is answered.
import { $, backoff, jitter, on, pace, say, submit } from "./page.js";
import { resume, session } from "./session.js";
import { telegram } from "./telegram.js";

let timer = 0;
let sending = false;
let held = true; // not entered yet, paused, or to be opened again
let failures = 0;

function schedule(ms) {
  clearTimeout(timer);
  timer = setTimeout(send, ms);
}

async function send() {
  timer = 0;
  const batch = !sending && !held && session.queue.take();
  if (!batch) return;
  sending = true;
  await session.queue.save();
  const { status, headers } = await submit("send-taps", batch);
  sending = false;
  if (status === 200 && counted($("score")?.dataset ?? {})) return;
  held = [401, 403, 409].includes(status);
  if (status === 409 && !$("overlay").dataset.code) resume(); // not a pause: the name is gone
  if (status === 401) session.queue.refuse();
  if (status === 413 || status === 422) session.queue.drop(); // no repetition mends that
  if (held) return;
  failures += 1;
  if (failures > 1 || !navigator.onLine) say("failing", "saving-later");
  schedule(backoff(failures, headers));
}

function news() {
  const { unsent } = session.queue;
  telegram((it) => it.isClosingConfirmationEnabled === !!unsent || (it.isClosingConfirmationEnabled = !!unsent));
  if (unsent && !timer && !sending) schedule(jitter(pace("flushMs")));
}

function counted({ sequence, deferred, myClicks }) {
  if (!session.queue.acknowledge(+sequence, +deferred)) return false;
  failures = 0;
  say("counted", +myClicks);
  news();
  return true;
}

on("entered", () => {
  held = !$("tap");
  schedule(0);
});
on("settled", () => {
  session.queue.save();
  news();
});
on("shown", () => schedule(0));
addEventListener("online", () => schedule((failures = 0)));

// The page may never be seen again: what there is goes at once, by a request that outlives it. Unless it can't be saved
// before: the next page would send these taps once more, in another batch.
on("hidden", async () => {
  const { queue } = session;
  const batch = !held && queue.take();
  if (!queue.save(true) || !batch) return;
  const headers = { Accept: "application/json", Authorization: `Bearer ${session.token}` };
  const request = { method: "POST", keepalive: true, headers, body: new URLSearchParams(batch) };
  const answer = await fetch("/click", request).catch(() => null);
  const told = answer?.ok && (await answer.json().catch(() => null));
  if (queue !== session.queue) return; // the page lives, and went on in another session
  if (told) counted(told);
  if (answer?.status === 401) queue.refuse();
});
