// The page as the other files use it. docs/miniapp.md lists the events that they tell each other.
export const $ = (id) => document.getElementById(id);
export const on = (name, listen) => document.addEventListener(name, (event) => listen(event.detail, event));
export const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
export const still = matchMedia("(prefers-reduced-motion: reduce)");

// Sends one of the shell's forms through htmx.
export function submit(id, values) {
  const form = $(id);
  for (const name in values) form.elements[name].value = values[name];
  htmx.process(form);
  htmx.trigger(form, "submit");
}

// Listens for answers from a path: status (0: no whole answer came) and headers.
export const onAnswer = (path, listen) =>
  on("htmx:finally:request", ({ ctx: { request, response, status } }) => {
    const whole = status === "swapped" || response?.status === 204 || response?.status >= 400;
    if (request.action === path) listen(whole ? response.status : 0, response?.headers);
  });

// flushMs, refreshMs or heartbeatMs, as the server last named it.
export const pace = (name) => $("score")?.dataset[name] || 1000;

// ± 10 %: clients that began together don't stay together.
export const jitter = (ms) => ms * (0.9 + Math.random() * 0.2);
export const backoff = (failures) => jitter(Math.min(30000, 400 * 2 ** failures));
