// This tab's session with its queue: resumed from what the device keeps, else opened with initData, and opened anew when
// the server has forgotten it. Queues that closed tabs left behind follow, each in its own session: a batch that may
// have arrived is only sent again as itself.
import { drawKept } from "./kept.js";
import { $, backoff, on, say, submit } from "./page.js";
import { Queue } from "./queue.js";
import { all, own, remove, write, writeNow } from "./storage.js";
import { arrived, initData, user } from "./telegram.js";

const root = document.documentElement;
export const session = { key: "", token: "", queue: new Queue() };
let prefix = ""; // of the keys of this player's queues
let left = []; // kept queues that this tab owns and has not taken up yet
let opening = false;
let failures = 0;

export async function start() {
  if (!initData()) await arrived;
  const { id, language_code: told = root.lang } = user();
  if (!id) return ($("outside").hidden = false);
  const lang = told.slice(0, 2);
  root.lang = document.querySelector(`.said[lang="${lang}"]`) ? lang : "en";
  prefix = `queue.${id}.`;
  await drawKept();
  const kept = await all(prefix);
  const owned = await Promise.all(kept.map(({ key }) => own(key)));
  left = kept.filter((_, number) => owned[number]).sort((a, b) => b.at - a.at);
  if (!left.length) {
    left = [{ key: prefix + Math.random(), waiting: 0, at: 0 }];
    await own(left[0].key);
  }
  takeUp();
}

function keep({ key, token, at, ...saved }) {
  Object.assign(session, { key, token });
  session.queue = new Queue(saved, (state, now) => {
    at = Math.max(at + 1, Date.now());
    const value = { ...state, key, token: session.token, at };
    const written = write(value);
    return now ? writeNow(value) : written;
  });
}

function takeUp() {
  const it = left.shift();
  const first = !session.key;
  keep({ ...it, waiting: it.waiting + (first ? session.queue.unsent : 0) });
  if (first && $("tap")) say("drawn");
  if (it.token) resume();
  else open();
}

function next() {
  if (session.queue.unsent || !left.length) return;
  remove(session.key);
  takeUp();
}

// Asks until it is answered.
async function ask(form, values) {
  for (;;) {
    const { status, headers } = await submit(form, values);
    if (status && status < 429) return;
    say("failing", $("tap") ? "saving-later" : status === 429 ? "one-moment" : "connecting");
    await new Promise((resolve) => setTimeout(resolve, backoff((failures += 1), headers)));
  }
}

export const resume = () => ask("resume-session");

export async function open() {
  if (opening) return;
  opening = true;
  await ask("open-session", { init_data: initData() });
  opening = false;
}

// Taps of a session that the server has forgotten go on in a new one.
async function move(key, token) {
  await own(key);
  const before = session.key;
  keep({ key, token, at: 0, waiting: session.queue.waiting });
  remove(before);
}

async function entered() {
  const { token, session: id, acknowledgedSequence: sequence, acknowledgedDeferred: deferred } = $("game").dataset;
  session.token = token;
  root.lang = $("game").lang;
  if (prefix + id !== session.key) await move(prefix + id, token);
  else session.queue.judge(+sequence, +deferred);
  session.queue.save();
  say("drawn");
  say("entered");
  setTimeout(next); // the request that brought this has to end first
}

on("htmx:after:swap", ({ ctx: { target, request, response } }) => {
  if (target?.id !== "game" || response.status >= 300) return;
  if (request.action === "/session" || prefix + $("game").dataset.session === session.key) entered();
  else resume(); // the late answer of a session that this tab has left
});
on("htmx:finally:request", ({ ctx: { sourceElement, response } }) => {
  if (sourceElement.closest("#overlay") && !(response?.status < 429)) resume(); // the player asked once
});
on("counted", () => next((failures = 0)));
