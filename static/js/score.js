// Mine includes what is not acknowledged. Everyone's ticks.
import { $, on, pace, say, still } from "./page.js";
import { queue } from "./session.js";

const STEP_MS = 100;
let known = 0;
let mine = 0;
let everyone = 0;
let rolled = 0;
let rolling = 0;

function show(id, value) {
	const text = String(value).replace(/\B(?=(\d{3})+$)/g, $("game").dataset.group);
	const node = $(id)?.firstChild;
	if (!node || node.data === text) return;
	if (node.length !== text.length) node.parentNode.style.setProperty("--length", text.length);
	node.data = text;
}

function learn(myClicks) {
	known = Math.max(known, myClicks || 0);
	mine = Math.max(mine, known + queue.unsent);
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
	const told = ["total", "leaderboard", "score"].map((id) => $(id)?.dataset.globalClicks || 0);
	const most = Math.max(everyone, ...told);
	if (most === everyone) return;
	rolled ||= most;
	everyone = most;
	roll();
});
on("drawn", () => {
	mine = 0;
	learn($("score")?.dataset.myClicks);
	show("total", rolled || $("total")?.dataset.globalClicks);
});
on("tapped", () => {
	learn();
	say("reached", mine);
});
on("counted", learn);
