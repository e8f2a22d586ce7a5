// What went wrong, in one line that goes away by itself. Behind an overlay nothing else can be touched.
import { $, on } from "./page.js";
import { session } from "./session.js";
import { telegram } from "./telegram.js";

const SHOWN_MS = 6000;
let timer = 0;

// "12 taps waiting": the server gave every plural form, with some number in it.
function count() {
  const { lang } = $("game");
  const { unsent } = session.queue;
  const { dataset } = $("waiting");
  const form = dataset[new Intl.PluralRules(lang).select(unsent)];
  $("waiting").textContent = form.replace(/\d+/, unsent.toLocaleString(lang));
}

function show(failing) {
  for (const id of ["saving-later", "connecting", "one-moment"]) if ($(id)) $(id).hidden = id !== failing;
  if (failing === "saving-later") count();
}

on("failing", show);
on("entered", () => show());
on("counted", () => show());
on("settled", () => $("saving-later").hidden || count());

// What fails behind the player's back is repeated by whoever asked; only what they did themselves is answered.
const theirs = ({ request: { action } }) => ["/username", "/language"].includes(action);
on("htmx:after:request", ({ ctx }, event) => ctx.response.status >= 429 && !theirs(ctx) && event.preventDefault());
on("htmx:error", ({ ctx }) => ctx && theirs(ctx) && show("connecting"));
on("htmx:after:swap", ({ ctx }) => {
  for (const behind of document.querySelectorAll(".play, .welcome")) behind.inert = $("overlay").dataset.code;
  if (ctx.target !== "#notice") return;
  clearTimeout(timer);
  timer = setTimeout(() => $("notice").replaceChildren(), SHOWN_MS);
});
on("click", (_, { target }) => target.closest("[data-close]") && telegram((it) => it.close()));
