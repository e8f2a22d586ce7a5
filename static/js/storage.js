// What the device keeps: the queue, the game as last seen.
import { createStore, get, update } from "../vendor/idb-keyval.js";
import { $, attempt, keyOf, on, say } from "./page.js";

const database = createStore("clicker", "kept");
const readNow = (key) => attempt(() => JSON.parse(localStorage[key]));
const writeNow = (value) => attempt(() => (localStorage[value.key] = JSON.stringify(value)));

export async function read(key) {
	const now = readNow(key);
	const kept = await attempt(() => get(key, database).catch(() => {}));
	return now?.at > (kept?.at ?? 0) ? now : kept;
}

// A page that ends may abort IndexedDB; localStorage is late.
export async function write(value, now) {
	const newer = (old) => (old?.at >= value.at ? old : value);
	const kept = attempt(() => update(value.key, newer, database).then(() => true, () => {}));
	return (now && writeNow(value)) || (await kept) || writeNow(value);
}

export function drawKept() {
	const kept = readNow(keyOf("game"));
	if (!kept) return;
	$("game").outerHTML = kept.html;
	htmx.process($("game"));
	say("drawn");
}

function keep() {
	if (!$("tap") || $("overlay").dataset.code) return;
	const html = $("game").outerHTML.replace(/ (data-token|style)="[^"]*"/g, "");
	writeNow({ key: keyOf("game"), html });
}

on("entered", keep);
on("hidden", keep);
