// The page as the other files use it; docs/miniapp.md lists the events that they tell each other.
export const $ = (id) => document.getElementById(id);
export const on = (name, listen) => document.addEventListener(name, (event) => listen(event.detail, event));
export const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
export const still = matchMedia("(prefers-reduced-motion: reduce)");

// Sends one of the shell's forms through htmx. Resolves to status (0: no whole answer came) and headers.
export const submit = (id, values) =>
  new Promise((resolve) => {
    const form = $(id);
    for (const name in values) form.elements[name].value = values[name];
    const answered = ({ detail: { ctx } }) => resolve(ctx.status.startsWith("error") ? { status: 0 } : ctx.response);
    form.addEventListener("htmx:finally:request", answered, { once: true });
    htmx.process(form);
    htmx.trigger(form, "submit");
  });

// flushMs, refreshMs or heartbeatMs, as the server last named it.
export const pace = (name) => $("score")?.dataset[name] || 1000;

// ± 10 %: clients that began together don't stay together.
export const jitter = (ms) => ms * (0.9 + Math.random() * 0.2);
export const backoff = (failures, headers) =>
  jitter(Math.max(Math.min(30000, 400 * 2 ** failures), headers?.get("Retry-After") * 1120 || 0));
