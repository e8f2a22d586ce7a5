// Fingers, mouse and keys on the button. A script's presses and a held key's repetitions are no taps; a screen reader's
// click comes without a press before it.
import { $, on, say } from "./page.js";
import { session } from "./session.js";
import { telegram } from "./telegram.js";

let pressed = false; // the click that may follow is counted already
let painting = 0;
const isButton = ({ target }) => target.closest?.("#tap");

function settled() {
  painting = 0;
  telegram((it) => it.HapticFeedback.impactOccurred("light"));
  say("settled");
}

// What is seen comes in this frame, which is asked for first; all else comes after it.
function tap(x, y) {
  painting ||= requestAnimationFrame(() => setTimeout(settled));
  session.queue.waiting += 1;
  say("tapped", { x, y });
}

function tapInTheMiddle() {
  const { left, top, width, height } = $("tap").getBoundingClientRect();
  tap(left + width / 2, top + height / 3);
}

on("pointerdown", (_, event) => {
  if (!event.isTrusted || event.button || !isButton(event)) return;
  pressed = true;
  tap(event.clientX, event.clientY);
});
on("keydown", (_, event) => {
  const free = event.target === document.body && $("tap") && !$("overlay").dataset.code;
  if (!event.isTrusted || ![" ", "Enter"].includes(event.key) || !(free || isButton(event))) return;
  event.preventDefault();
  pressed = true;
  if (!event.repeat) tapInTheMiddle();
});
on("click", (_, event) => {
  if (!isButton(event)) return;
  if (event.isTrusted && !pressed) tapInTheMiddle();
  pressed = false;
});
