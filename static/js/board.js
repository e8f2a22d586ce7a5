// The board: a sheet on a small screen; my row is marked, rows glide.
import { $, dataset, on, onEvent, still, telegram } from "./page.js";

let before = [];

function set(open) {
	dataset.sheet = open ? "open" : "";
	if ($("handle")) $("handle").ariaExpanded = open;
	telegram((it) => (it.BackButton.isVisible = open));
}

on("click", (_, { target }) => {
	if (target.closest("#handle")) set(!dataset.sheet);
	else if (!target.closest(".sheet")) set(false);
});
on("keydown", (_, { key }) => key === "Escape" && set(false));
on("pointerup", (_, { target, clientY }) => {
	const { top, bottom } = target.closest("#handle")?.getBoundingClientRect() ?? {};
	if (clientY < top || clientY > bottom) set(clientY < top);
});
onEvent("backButtonClicked", () => set(false));

const mark = () => $(`row-${$("game").dataset.username}`)?.setAttribute("aria-current", "true");

on("drawn", () => {
	set(Boolean(dataset.sheet));
	mark();
});
on("htmx:before:swap", () => {
	before = [...document.querySelectorAll(".board [id]")].map((row) => [row, row.offsetTop]);
});
on("htmx:after:swap", () => {
	mark();
	for (const [row, top] of still.matches ? [] : before) {
		const by = top - row.offsetTop;
		if (by) row.animate([{ transform: `translateY(${by}px)` }, {}], { duration: 350, easing: "ease-out" });
	}
});
