// The cap goes down, "+1" rises from the finger, milestones are celebrated: moved by the compositor alone. An animation
// is made once and played again: two on one element would be drawn by the main thread.
import { $, on, still } from "./page.js";
import { telegram } from "./telegram.js";

const [pluses, sparks] = [".plus", ".spark"].map((kind) => [...document.querySelectorAll(kind)]);
const easing = "cubic-bezier(.2, .8, .2, 1)";
const flights = pluses.map((plus) => flight(plus, "scale(.6)", "translateY(-6rem)", 800));
let next = 0;
let press = null;

function flight(element, from, to, duration) {
  const [begin, end] = still.matches ? ["none", "none"] : [from, to];
  const frames = [
    { transform: begin, opacity: 1 },
    { opacity: 1, offset: 0.7 },
    { transform: end, opacity: 0 },
  ];
  return new Animation(new KeyframeEffect(element, frames, { duration, easing }));
}

function play(animation) {
  animation.cancel();
  animation.play();
}

function rise(x, y) {
  const plus = flights[next++ % flights.length];
  plus.effect.target.style.translate = `${x}px ${y}px`;
  play(plus);
}

on("tapped", ({ x, y }) => {
  const cap = $("tap").firstElementChild;
  if (press?.effect.target !== cap) press = cap.animate([{ transform: "none" }, {}], { duration: 200, easing });
  else play(press);
  setTimeout(rise, 0, x, y); // in this frame if there is time: the number comes first
});

on("reached", (clicks) => {
  if (!/^[15]00+$/.test(clicks)) return; // 100, 500, 1000, 5000, …
  telegram((it) => it.HapticFeedback.notificationOccurred("success"));
  if (!still.matches) $("clicks").animate([{}, { transform: "scale(1.25)", offset: 0.3 }, {}], 700);
  const { left, top, width, height } = $("tap").getBoundingClientRect();
  sparks.forEach((spark, at) => {
    spark.style.translate = `${left + width / 2}px ${top + height / 2}px`;
    const way = (part) => `rotate(${at * 30}deg) translateX(${width * part}px) scale(${1.3 - part})`;
    flight(spark, way(0.4), way(0.8), 1200).play();
  });
});
