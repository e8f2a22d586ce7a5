// What counts as a tap.
import { $, on, say, telegram } from "./page.js";
import { queue } from "./session.js";

let painting = 0;
const isButton = ({ isTrusted, target }) => isTrusted && target.closest("#tap");

function settled() {
	painting = 0;
	telegram((it) => it.HapticFeedback.impactOccurred("light"));
	say("settled");
}

function tap(x, y) {
	painting ||= requestAnimationFrame(() => setTimeout(settled));
	queue.waiting += 1;
	say("tapped", { x, y });
}

function tapInTheMiddle() {
	const { x, y, width, height } = $("tap").getBoundingClientRect();
	tap(x + width / 2, y + height / 3);
}

on("pointerdown", (_, event) => event.button || !isButton(event) || tap(event.clientX, event.clientY));
on("click", (_, event) => event.detail || !isButton(event) || tapInTheMiddle());
on("keydown", (_, event) => {
	if (!event.isTrusted || ![" ", "Enter"].includes(event.key)) return;
	if (event.repeat) event.preventDefault();
	else if (event.target === document.body && $("tap")?.matches(":not([inert] *)")) tapInTheMiddle();
});
