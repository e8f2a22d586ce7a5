// Mine is what the server last said plus what it has not acknowledged. Everyone's ticks towards what was last told.
// A screen reader hears both now and then, not each tap.
import { $, on, pace, say, still } from "./page.js";
import { session } from "./session.js";

const STEP_MS = 100;
const SPEAK_MS = 3000;
let known = 0;
let mine = 0;
let everyone = 0;
let rolled = 0;
let rolling = 0;
let speaking = 0;

const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, $("game").dataset.group);

function show(id, value) {
  const element = $(id);
  const text = grouped(value);
  if (!element || element.textContent === text) return;
  if (element.textContent.length !== text.length) element.style.setProperty("--length", text.length);
  element.firstChild.data = text;
}

function learn(myClicks) {
  known = Math.max(known, myClicks || 0);
  mine = Math.max(mine, known + session.queue.unsent);
  show("clicks", mine);
}

function roll() {
  clearTimeout(rolling);
  const step = Math.ceil(((everyone - rolled) * 2 * STEP_MS) / pace("refreshMs"));
  rolled = still.matches ? everyone : Math.min(everyone, rolled + step);
  show("total", rolled);
  if (rolled < everyone) rolling = setTimeout(roll, STEP_MS);
}

on("htmx:after:swap", () => {
  const told = [$("total")?.dataset.value, $("leaderboard")?.dataset.total, $("score")?.dataset.globalClicks];
  const most = Math.max(everyone, ...told.map((value) => value || 0));
  if (most === everyone) return;
  rolled ||= most;
  everyone = most;
  roll();
});
on("drawn", () => {
  mine = 0; // the kept game may have counted a batch twice whose answer was lost
  learn($("score")?.dataset.myClicks);
  show("total", rolled || $("total")?.dataset.value);
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
