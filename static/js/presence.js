// Whether the player looks at the page, and the heartbeat while they do and no tap speaks for them.
import { $, jitter, on, onAnswer, pace, say, submit } from "./page.js";
import { onEvent } from "./telegram.js";

let looking = true;
let away = false; // Telegram shows something else
let timer = 0;

function look(gone) {
  const now = !document.hidden && !away && !gone;
  if (now === looking) return;
  looking = now;
  say(now ? "shown" : "hidden");
}

on("visibilitychange", () => look());
addEventListener("pageshow", () => look());
addEventListener("pagehide", () => look(true));
onEvent("deactivated", () => look((away = true)));
onEvent("activated", () => look((away = false)));

function beat() {
  if (looking && $("score") && !$("overlay").dataset.code) submit("heartbeat");
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(beat, jitter(pace("heartbeatMs")));
}

on("entered", plan);
on("counted", plan);
on("shown", beat);
onAnswer("/session/heartbeat", plan);
