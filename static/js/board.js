// The board is the same for everyone: here my row is marked, and rows glide when ranks change.
import { $, on } from "./page.js";

const GLIDE = { duration: 350, easing: "ease-out" };
const still = matchMedia("(prefers-reduced-motion: reduce)");
const rows = () => [...document.querySelectorAll("[data-username][data-rank]")];
let before = new Map();

on("htmx:before:swap", ({ tasks }) => {
  const moves = !still.matches && tasks.some(({ target }) => target?.id === "leaderboard");
  before = new Map(moves ? rows().map((row) => [row.id, row.offsetTop]) : []);
});

on("htmx:after:swap", () => {
  for (const row of rows()) {
    row.ariaCurrent = row.dataset.username === $("game").dataset.username || null;
    const by = before.get(row.id) - row.offsetTop;
    if (by) row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], GLIDE);
  }
  before.clear();
});
