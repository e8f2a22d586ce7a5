// The board as a sheet that is pulled up over a small screen; on a wide one it is always open.
import { $, on } from "./page.js";
import { onEvent, telegram } from "./telegram.js";

const PULL_PX = 24;
const { dataset } = document.body;
let from = NaN;

function set(open) {
  dataset.sheet = open ? "open" : "";
  if ($("handle")) $("handle").ariaExpanded = open;
  telegram((it) => (it.BackButton.isVisible = open));
}

on("click", (_, { target }) => {
  if (target.closest("#handle")) set(!dataset.sheet);
  else if (dataset.sheet && !target.closest(".sheet")) set(false);
});
on("focusin", (_, { target }) => target.matches(".sheet :not(.handle):focus-visible") && set(true));
on("keydown", (_, { key }) => key === "Escape" && set(false));
on("pointerdown", (_, { target, clientY }) => (from = target.closest("#handle") ? clientY : NaN));
on("pointermove", (_, { clientY, buttons }) => buttons && Math.abs(clientY - from) > PULL_PX && set(clientY < from));
on("drawn", () => set(Boolean(dataset.sheet)));
onEvent("backButtonClicked", () => set(false));
