// What went wrong, in one line that goes away by itself. Behind an overlay nothing else can be touched.
import { $, on } from "./page.js";
import { session } from "./session.js";
import { close } from "./telegram.js";

const SHOWN_MS = 6000;
let timer = 0;

function show(failing) {
  $("waiting").textContent = session.queue.unsent;
  for (const kind of ["saving-later", "connecting", "one-moment"]) $(kind).hidden = kind !== failing;
}

on("failing", show);
on("entered", () => show());
on("counted", () => show());
on("tapped", () => ($("waiting").textContent = session.queue.unsent));

// A failure behind the player's back is repeated by whoever asked; only what they did themselves is answered.
on("htmx:after:request", ({ ctx: { request, response } }, event) => {
  if (response.status >= 429 && request.action !== "/username") event.preventDefault();
});

on("htmx:after:swap", ({ ctx }) => {
  for (const behind of document.querySelectorAll(".play, .welcome")) behind.inert = $("overlay").dataset.code;
  if (ctx.target !== "#notice") return;
  clearTimeout(timer);
  timer = setTimeout(() => $("notice").replaceChildren(), SHOWN_MS);
});

on("click", (_, { target }) => target.closest("[data-close]") && close());
