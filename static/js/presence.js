// Whether the player looks, and the heartbeat meanwhile.
import { $, jitter, on, onEvent, pace, say, submit } from "./page.js";
import { resume } from "./session.js";

let looking = true;
let timer = 0;
let touched = 0;
const idleMs = () => +$("game").dataset.idleMs;
const idle = () => performance.now() - touched > idleMs();
const paused = () => $("overlay").dataset.code;

const look = (now) => now === looking || say((looking = now) ? "shown" : "hidden");

on("visibilitychange", () => look(!document.hidden));
onEvent("deactivated", () => look(false));
onEvent("activated", () => look(true));

async function beat() {
	if (!looking || !$("score")) return;
	const { status } = await submit("/session/heartbeat", "heartbeat");
	if (status === 204 && paused()) resume();
	plan();
}

function plan() {
	clearTimeout(timer);
	const ms = idle() ? idleMs() + 20000 : pace("heartbeatMs") / (paused() ? 5 : 1);
	timer = setTimeout(beat, jitter(ms));
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
