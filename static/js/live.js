// The live socket; while there is none the board is asked for.
import { $, jitter, on, pace, say, submit } from "./page.js";

let connection = null;
let wanted = false;
let turns = 0;
let timer = 0;
const close = () => connection?.socket?.close();

function later() {
	clearTimeout(timer);
	timer = setTimeout(turn, jitter(pace("refreshMs")));
}

function turn() {
	if (!wanted || connection) return;
	turns++ % 4 ? say("polled") : submit("/live/ticket", "live");
	later();
}

function begin() {
	wanted = $("leaderboard");
	connection = null;
	turns = 0;
	turn();
}

on("htmx:ws:before:connection", (detail) => ({ connection } = detail));
on("htmx:ws:close", ({ reason }) => {
	if (reason !== "closed") return;
	connection = null;
	later();
});
on("entered", begin);
on("shown", begin);
on("hidden", () => close((wanted = false)));
