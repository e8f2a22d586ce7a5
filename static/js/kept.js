// The game as last seen is kept: it is there at once, and can be played before, or without, an answer.
import { $, on, say } from "./page.js";
import { all, write } from "./storage.js";
import { user } from "./telegram.js";

const PAUSE_MS = 5000;
const root = document.documentElement;
const key = () => `game.${user().id}.`;
let next = 0;

export async function drawKept() {
  const [kept] = await all(key());
  if (!kept) return;
  $("game").outerHTML = kept.html;
  htmx.process($("game"));
  root.lang = kept.lang;
  say("drawn");
}

function keep() {
  if (!$("tap") || $("overlay").dataset.code || performance.now() < next) return;
  next = performance.now() + PAUSE_MS;
  const html = $("game").outerHTML.replace(/ (data-token|style)="[^"]*"/g, ""); // neither is allowed to come back
  write({ key: key(), html, lang: root.lang });
}

on("entered", keep);
on("counted", keep);
on("hidden", () => keep((next = 0)));
