// What moves: one animation an element, for the compositor.
import { $, on, still, telegram } from "./page.js";

const pluses = document.querySelectorAll(".plus");
let next = 0;

function flight(element, from, to, duration) {
	const moves = still.matches || { transform: [from, to] };
	return element.animate({ opacity: [1, 1, 1, 0], ...moves }, { duration, easing: "ease-out" });
}

function again(animation) {
	animation.cancel();
	animation.play();
}

function rise(x, y) {
	const plus = pluses[next++ % pluses.length];
	plus.style.translate = `${x}px ${y}px`;
	again((plus.flight ??= flight(plus, "scale(.6)", "translateY(-6rem)", 800)));
}

on("tapped", ({ x, y }) => {
	const cap = $("tap").firstElementChild;
	again((cap.press ??= cap.animate([{ transform: "none" }, {}], 200)));
	setTimeout(rise, 0, x, y);
});

on("reached", (clicks) => {
	if (!/^[15]00+$/.test(clicks)) return;
	telegram((it) => it.HapticFeedback.notificationOccurred("success"));
	if (!still.matches) $("clicks").animate([{}, { transform: "scale(1.25)", offset: 0.3 }, {}], 700);
	document.querySelectorAll(".spark").forEach((spark, at) => {
		const way = (part) => `rotate(${at * 30}deg) translateX(calc(var(--size) * ${part})) scale(${1.3 - part})`;
		flight(spark, way(0.4), way(0.8), 1200);
	});
});
