// The live socket: a ticket brings the element that connects, once. When that ends another is asked for, and until then
// the board itself. Nothing is open while nobody looks.
import { $, backoff, jitter, on, onAnswer, pace, submit } from "./page.js";

let connection = null;
let wanted = false;
let lang = "";
let failures = 0;
let retry = 0;
let poll = 0;

const close = () => connection?.socket?.close();
const connect = () => wanted && !connection && submit("live-ticket");

function askForTheBoard() {
  if (!wanted || connection) return;
  submit("fetch-board");
  poll = setTimeout(askForTheBoard, jitter(pace("refreshMs")));
}

function ended() {
  connection = null;
  clearTimeout(retry);
  retry = setTimeout(connect, backoff((failures += 1)));
  clearTimeout(poll);
  askForTheBoard();
}

function begin() {
  wanted = Boolean($("leaderboard"));
  failures = 0;
  if (lang !== (lang = $("game").lang)) close();
  connect();
}

onAnswer("/live/ticket", (status) => status === 201 || ended());
on("htmx:ws:before:connection", (detail) => ({ connection } = detail));
on("htmx:ws:close", ({ reason }) => reason === "closed" && ended());
on("entered", begin);
on("shown", begin);
on("hidden", () => close((wanted = false)));
