// The page as the other files use it: elements, forms, intervals, and events. Besides the browser's and htmx's:
//   entered         the server has shown the game, or asks for a name: there is a session
//   tapped {x, y}   one tap, already in the queue; reached n: my clicks as shown now
//   counted n       a batch was acknowledged: my clicks as the server knows them
//   failing id      the server can't be had, as that element says; until entered or counted
//   shown, hidden   the player does or does not look at the page

export const $ = (id) => document.getElementById(id);
export const on = (name, listen) => document.addEventListener(name, (event) => listen(event.detail, event));
export const say = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

// Sends one of the shell's forms through htmx.
export function submit(id, values) {
  const form = $(id);
  for (const name in values) form.elements[name].value = values[name];
  htmx.process(form);
  htmx.trigger(form, "submit");
}

// Listens for the end of requests to a path: their status (0: no whole answer came) and headers.
export const onAnswer = (path, listen) =>
  on("htmx:finally:request", ({ ctx: { request, response, status } }) => {
    const whole = status === "swapped" || response?.status >= 400;
    if (request.action === path) listen(whole ? response.status : 0, response?.headers);
  });

// An interval in milliseconds as the server last named it: flushMs, refreshMs or heartbeatMs.
export const pace = (name) => $("score")?.dataset[name] || 1000;

// ± 10 %, so that clients that began together don't stay together.
export const jitter = (ms) => ms * (0.9 + Math.random() * 0.2);
export const backoff = (failures) => jitter(Math.min(30000, 400 * 2 ** failures));
