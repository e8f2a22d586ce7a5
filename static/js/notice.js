// What went wrong, in one line.
import { $, dataset, on } from "./page.js";
import { queue } from "./session.js";

function count() {
	const { lang } = $("game");
	const form = $("waiting").dataset[new Intl.PluralRules(lang).select(queue.unsent)];
	$("waiting").textContent = form.replace(/\d+/, queue.unsent.toLocaleString(lang));
}

function show(failing) {
	dataset.failing = failing ?? "";
	if (failing && $("waiting")) count();
}

const stumble = (status) => $("tap") || show(status === 429 ? "one-moment" : "connecting");

on("failing", () => show("saving-later"));
on("entered", show);
on("counted", () => show());
on("settled", () => dataset.failing && count());
on("htmx:error", stumble);
on("htmx:after:request", ({ ctx: { response } }, event) => {
	if (response.status < 400 || response.headers.has("HX-Retarget")) return;
	event.preventDefault();
	stumble(response.status);
});
on("htmx:after:swap", () => (document.querySelector(".play, .welcome").inert = $("overlay").dataset.code));
