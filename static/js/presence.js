// Whether the player looks, and the heartbeat while they do and are active. It wakes no paused session: behind the
// overlay it finds out whether the player went on from the chat.
import { $, jitter, on, pace, say, submit } from "./page.js";
import { resume } from "./session.js";
import { onEvent } from "./telegram.js";

const GRACE_MS = 20000; // until a session that went idle is surely paused
let looking = true;
let away = false; // Telegram shows something else
let timer = 0;
let touched = 0;
const idle = () => performance.now() - touched > $("game").dataset.idleMs;
const paused = () => $("overlay").dataset.code;

function look(gone) {
  const now = !document.hidden && !away && !gone;
  if (now !== looking) say((looking = now) ? "shown" : "hidden");
}

on("visibilitychange", () => look());
addEventListener("pageshow", () => look());
addEventListener("pagehide", () => look(true));
onEvent("deactivated", () => look((away = true)));
onEvent("activated", () => look((away = false)));

async function beat() {
  if (!looking || !$("score")) return;
  const { status } = await submit("heartbeat");
  if (status === 204 && paused()) resume();
  plan();
}

function plan() {
  clearTimeout(timer);
  const often = pace("heartbeatMs") / (paused() ? 5 : 1);
  timer = setTimeout(beat, jitter(idle() ? +$("game").dataset.idleMs + GRACE_MS : often));
}

function touch() {
  if (idle()) beat();
  touched = performance.now();
}

on("pointerdown", touch);
on("keydown", touch);
on("entered", plan);
on("counted", plan);
on("shown", beat);
