// This tab's session with its queue: resumed from what the device keeps, else opened with initData, and opened anew when
// the server has forgotten it. Queues that closed tabs left behind follow, each in its own session: a batch that may
// have arrived is only sent again as itself.
import { drawKept } from "./kept.js";
import { $, backoff, jitter, on, onAnswer, say, submit } from "./page.js";
import { Queue } from "./queue.js";
import { all, own, remove, write, writeNow } from "./storage.js";
import { arrived, initData, user } from "./telegram.js";

const root = document.documentElement;
export const session = { key: "", token: "", queue: new Queue() };

const resume = () => submit("resume-session");
let player = "";
let left = []; // kept queues that this tab owns and has not taken up yet
let opening = false;
let failures = 0;

export async function start() {
  if (!initData()) await arrived;
  const { id, language_code: told } = user();
  if (!id) return ($("outside").hidden = false);
  if (told) root.lang = document.querySelector(`.said[lang="${told.slice(0, 2)}"]`) ? told.slice(0, 2) : "en";
  player = String(id);
  await drawKept();
  const kept = await all(`queue.${player}.`);
  const owned = await Promise.all(kept.map(async (it) => (await own(it.key)) && it));
  left = owned.filter(Boolean).sort((a, b) => b.at - a.at);
  if (left.length) return takeUp();
  const key = `queue.${player}.${Math.random()}`;
  await own(key);
  keep({ key, waiting: session.queue.unsent });
  open();
}

function keep(saved) {
  const { key, token } = saved;
  let { at = 0 } = saved;
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

export function open() {
  if (opening) return;
  opening = true;
  submit("open-session", { init_data: initData() });
}

async function entered() {
  const { token, session: id, acknowledgedSequence: sequence, acknowledgedDeferred: deferred } = $("game").dataset;
  const key = `queue.${player}.${id}`;
  session.token = token;
  root.lang = $("game").lang;
  if (key !== session.key) await move(key, token);
  else if (sequence) session.queue.judge(+sequence, +deferred);
  session.queue.save();
  say("drawn");
  say("entered");
  next();
}

// Taps of a session that the server has forgotten go on in a new one.
async function move(key, token) {
  await own(key);
  const before = session.key;
  session.queue.drop();
  keep({ key, token, waiting: session.queue.waiting });
  remove(before);
}

function next() {
  if (session.queue.unsent || !left.length) return;
  remove(session.key);
  takeUp();
}

function onEntry(path, retry) {
  onAnswer(path, (status, headers) => {
    if (retry === open) opening = false;
    if (status === 201) entered();
    if (status && status < 429) return;
    say("failing", $("tap") ? "saving-later" : status === 429 ? "one-moment" : "connecting");
    setTimeout(retry, Math.max(backoff((failures += 1)), jitter(headers?.get("Retry-After") * 1120 || 0)));
  });
}

onEntry("/session", open);
onEntry("/session/resume", resume);
onAnswer("/username", (status) => (status === 200 ? entered() : status || say("failing", "connecting")));
onAnswer("/language", (status) => status === 200 && entered());
on("counted", () => next((failures = 0)));
