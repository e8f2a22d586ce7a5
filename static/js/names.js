// Help with the question for a name: Telegram's own is filled in, and "Surprise me" thinks of one.
import { $, on } from "./page.js";
import { user } from "./telegram.js";

const LIKE = "brave bright calm cosmic daring gentle golden lucky".split(" ");
const WHO = "badger falcon fox heron lynx otter raven tiger".split(" ");
const below = (limit) => Math.floor(Math.random() * limit);

function fill(name) {
  $("username-field").value = name;
  $("username-field").focus();
}

on("click", (_, { target }) => {
  if (target.closest("[data-surprise]")) fill(`${LIKE[below(8)]}_${WHO[below(8)]}_${100 + below(900)}`);
});
on("entered", () => {
  const { username } = user();
  if (username && $("username-field")?.value === "") fill(username);
});
