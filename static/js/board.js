// The board is the same for everyone: my row is marked, and rows glide when ranks change.
import { $, on, still } from "./page.js";

const rows = () => [...document.querySelectorAll("[data-username][data-rank]")];
let before = new Map();

function mark() {
  for (const row of rows()) row.ariaCurrent = row.dataset.username === $("game").dataset.username || null;
}

on("htmx:before:swap", ({ tasks }) => {
  const moves = !still.matches && tasks.some(({ target }) => target?.id === "leaderboard");
  before = new Map(moves ? rows().map((row) => [row.id, row.offsetTop]) : []);
});
on("drawn", mark);
on("htmx:after:swap", () => {
  mark();
  for (const row of before.size ? rows() : []) {
    const by = before.get(row.id) - row.offsetTop;
    if (by) row.animate([{ transform: `translateY(${by}px)` }, {}], { duration: 350, easing: "ease-out" });
  }
  before.clear();
});
