// The cap goes down, "+1" rises from the finger, milestones are celebrated: moved by the compositor alone.
import { $, on, still } from "./page.js";
import { cheer } from "./telegram.js";

const [pluses, sparks] = [".plus", ".spark"].map((kind) => document.querySelectorAll(kind));
let next = 0;

function fly(element, x, y, turn, from, to, duration) {
  const at = `translate(${x}px, ${y}px) rotate(${turn}deg) `;
  const [begin, end] = still.matches ? [at, at] : [at + from, at + to];
  const frames = [{ transform: begin }, { opacity: 1, offset: 0.01 }, { opacity: 1, offset: 0.7 }, { transform: end }];
  element.animate(frames, { duration, easing: "cubic-bezier(.2, .8, .2, 1)" });
}

on("tapped", ({ x, y }) => {
  const plus = pluses[next++ % pluses.length];
  fly(plus, x, y, Math.random() * 30 - 15, "translateY(0) scale(.6)", "translateY(-6rem) scale(1)", 800);
  $("tap").firstElementChild.animate([{ transform: "none" }, {}], 180);
});

on("reached", (clicks) => {
  if (!/^[15]00+$/.test(clicks)) return; // 100, 500, 1000, 5000, …
  cheer();
  if (!still.matches) $("clicks").animate([{}, { transform: "scale(1.25)", offset: 0.3 }, {}], 700);
  const { left, top, width, height } = $("tap").getBoundingClientRect();
  const way = [0.4, 0.8].map((part) => `translateX(${width * part}px) scale(${1.3 - part})`);
  sparks.forEach((it, at) => fly(it, left + width / 2, top + height / 2, at * 30, ...way, 1200));
});
