// Two numbers. Mine is what the server last said plus what it has not acknowledged: it moves with the finger, never
// back. Everyone's rolls to what was last told. A screen reader hears them now and then, not each tap.
import { $, on, say } from "./page.js";
import { session } from "./session.js";

const ROLL_MS = 700;
const SPEAK_MS = 3000;
const still = matchMedia("(prefers-reduced-motion: reduce)");
let known = 0;
let mine = 0;
let everyone = 0;
let rolled = 0;
let speaking = 0;

const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, $("game").dataset.group);

function show(id, value) {
  const text = grouped(value);
  const element = $(id);
  if (!element) return;
  if (+element.style.getPropertyValue("--length") !== text.length) element.style.setProperty("--length", text.length);
  element.textContent = text;
}

function learn(myClicks) {
  known = Math.max(known, myClicks || 0);
  mine = Math.max(mine, known + session.queue.unsent);
  show("clicks", mine);
}

function roll(to, from) {
  const began = performance.now();
  const step = (now) => {
    if (to !== everyone) return;
    const part = still.matches ? 1 : Math.min(1, Math.max(0, now - began) / ROLL_MS);
    show("total", (rolled = Math.round(to - (to - from) * (1 - part) ** 3)));
    if (part < 1) requestAnimationFrame(step);
  };
  step(began);
}

on("htmx:after:swap", () => {
  const told = [$("total")?.dataset.value, $("leaderboard")?.dataset.total, $("score")?.dataset.globalClicks];
  const most = Math.max(everyone, ...told.map((value) => value || 0));
  if (most > everyone) roll((everyone = most), rolled || most);
});

on("entered", () => {
  learn($("score")?.dataset.myClicks);
  show("total", rolled);
});
on("tapped", () => {
  learn();
  say("reached", mine);
});
on("counted", (myClicks) => {
  learn(myClicks);
  speaking ||= setTimeout(() => {
    speaking = 0;
    const text = $("game").dataset.spoken || "";
    $("spoken").textContent = text.replace("{mine}", grouped(known)).replace("{all}", grouped(everyone));
  }, SPEAK_MS);
});
