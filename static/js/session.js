// The session of this tab, and its queue, which is stored under it: resumed from what the device remembers, else
// opened with initData, and opened anew when the server has forgotten it. Queues that closed tabs left behind follow,
// one after another, each in its own session: a batch that may have arrived is only ever sent again as itself.
import { $, backoff, jitter, on, onAnswer, say, submit } from "./page.js";
import { Queue } from "./queue.js";
import { keys, own, read, remove, write } from "./storage.js";
import { arrived, initData, user } from "./telegram.js";

export const session = { key: "", queue: new Queue() };

const resume = () => submit("resume-session");
let prefix = "";
let left = []; // stored queues that this tab owns and has not taken up yet
let opening = false;
let failures = 0;

export async function start() {
  if (!initData()) await arrived;
  const { id } = user();
  if (!id) return ($("outside").hidden = false);
  prefix = `clicker.queue.${id}.`;
  const owned = await Promise.all(keys(prefix).map(async (key) => (await own(key)) && { key, ...read(key) }));
  left = owned.filter((it) => it?.token).sort((a, b) => b.at - a.at);
  if (left.length) takeUp();
  else open();
}

function keep(key, saved) {
  session.key = key;
  session.queue = new Queue(saved, (state) => write(key, { ...state, token: $("game").dataset.token, at: Date.now() }));
}

function takeUp() {
  const it = left.shift();
  keep(it.key, it);
  $("game").dataset.token = it.token;
  resume();
}

function open() {
  if (opening) return;
  opening = true;
  submit("open-session", { init_data: initData() });
}

async function entered() {
  const { session: id, acknowledgedSequence: sequence, acknowledgedDeferred: deferred } = $("game").dataset;
  if (prefix + id !== session.key) await move(prefix + id);
  else if (sequence) session.queue.judge(+sequence, +deferred);
  session.queue.save();
  say("entered");
  next();
}

// Taps of a session that the server has forgotten go on in a new one.
async function move(key) {
  await own(key);
  const before = session.key;
  session.queue.drop();
  keep(key, { waiting: session.queue.waiting });
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
    say("failing", status === 429 ? "one-moment" : "connecting");
    setTimeout(retry, Math.max(backoff((failures += 1)), jitter(headers?.get("Retry-After") * 1120 || 0)));
  });
}

onEntry("/session", open);
onEntry("/session/resume", resume);
onAnswer("/username", (status) => (status === 200 ? entered() : status || say("failing", "connecting")));
on("counted", () => {
  failures = 0;
  next();
});

on("htmx:config:request", ({ ctx: { request } }) => {
  delete request.headers["HX-Current-URL"]; // it bears initData, for every log on the way
  const { token } = $("game").dataset;
  if (token) request.headers.Authorization = `Bearer ${token}`;
});

// A session that the server does not know is opened again, without a word, as long as initData is fresh.
on("htmx:after:request", ({ ctx: { request, response } }, event) => {
  if (response.status !== 401 || request.action === "/session") return;
  event.preventDefault();
  setTimeout(open, failures && backoff(failures));
  failures += 1;
});
