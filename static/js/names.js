// Help with the question for a name: Telegram's own is filled in, and "Surprise me" picks one of the server's ideas.
import { $, on } from "./page.js";
import { user } from "./telegram.js";

on("click", (_, { target }) => {
  const ideas = target.dataset.surprise?.split(" ");
  if (ideas) $("username-field").value = ideas[Math.floor(Math.random() * ideas.length)];
});
on("drawn", () => {
  const field = $("username-field");
  if (field) field.value ||= user().username || "";
});
