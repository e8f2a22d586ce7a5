// The cap goes down, "+1" rises from the finger, milestones are celebrated. The elements wait in the page; how they
// move is the style sheet's business, reduced motion included.
import { $, on } from "./page.js";
import { cheer } from "./telegram.js";

const PRESS_MS = 180;
const MILESTONE = /^[15]00+$/; // 100, 500, 1000, 5000, …
const pluses = document.querySelectorAll(".plus");
const sparks = document.querySelectorAll(".spark");
let next = 0;

function play(element, x, y, turn) {
  const values = { "--x": `${x}px`, "--y": `${y}px`, "--turn": `${turn}deg` };
  for (const name in values) element.style.setProperty(name, values[name]);
  const animation = (element.animation ??= element.getAnimations()[0]); // asking again would cost a style pass
  animation.currentTime = 0;
  animation.play();
}

on("tapped", ({ x, y }) => {
  play(pluses[next++ % pluses.length], x, y, Math.random() * 30 - 15);
  $("tap").firstElementChild.animate([{ transform: "none" }, {}], PRESS_MS);
});

on("reached", (clicks) => {
  if (!MILESTONE.test(clicks)) return;
  const { left, top, width, height } = $("tap").getBoundingClientRect();
  sparks.forEach((spark, at) => play(spark, left + width / 2, top + height / 2, (at * 360) / sparks.length));
  cheer();
});
