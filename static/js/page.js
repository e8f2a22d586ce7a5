// What all use. docs/miniapp.md says what they tell each other, and why.
export * from "./telegram.js";
export const $ = (id) => document.getElementById(id);
export const on = (name, listen) => document.addEventListener(name, (event) => listen(event.detail, event));
export const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
export const { dataset } = document.body;
export const still = matchMedia("(prefers-reduced-motion)");

export async function submit(path, id, values) {
	let answer = { status: 0 };
	const whole = async (address, request) => {
		const it = await fetch(address, { ...request, keepalive: document.hidden });
		await it.clone().text();
		return (answer = it);
	};
	await htmx.ajax("POST", path, { source: $(id), target: $(id), values, fetch: whole });
	return answer;
}

export const pace = (name) => $("score")?.dataset[name] || 1000;
export const jitter = (ms) => ms * (0.9 + Math.random() * 0.2);
export const backoff = (failures, headers) =>
	jitter(headers?.get("Retry-After") * 1120 || Math.min(30000, 400 * 2 ** failures));
