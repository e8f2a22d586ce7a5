// The live socket: a ticket brings the element that connects, once. Until it does, and when that has ended, the board
// itself is asked for, and another ticket now and then. Nothing is open while nobody looks.
import { $, jitter, on, pace, submit } from "./page.js";

let connection = null;
let wanted = false;
let lang = "";
let turns = 0;
let timer = 0;

const close = () => connection?.socket?.close();

function turn() {
  clearTimeout(timer);
  if (!wanted || connection) return;
  if (turns) submit("fetch-board");
  const due = turns < 32 ? !(turns & (turns - 1)) : !(turns % 32); // 0, 1, 2, 4, 8, 16, 32, 64, 96 …
  if (due) submit("live-ticket");
  turns += 1;
  timer = setTimeout(turn, jitter(pace("refreshMs")));
}

function begin() {
  wanted = Boolean($("leaderboard"));
  turns = 0;
  if (lang !== (lang = $("game").lang)) close();
  turn();
}

on("htmx:ws:before:connection", (detail) => ({ connection } = detail));
on("htmx:ws:after:connection", () => (turns = 1));
on("htmx:ws:close", ({ reason }) => {
  if (reason !== "closed") return;
  connection = null;
  clearTimeout(timer);
  timer = setTimeout(turn, jitter(pace("refreshMs")));
});
on("entered", begin);
on("shown", begin);
on("hidden", () => close((wanted = false)));
