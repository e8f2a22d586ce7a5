// Keyboards: under a message, and in place of the phone's own.

import { find, icon, make } from "./dom.js";

const waiting = new Map(); // callback query id → button

export function inlineKeyboard(message, actions) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return make("div", { class: "inline-keyboard" }, ...rows.map((row) => make("div", { class: "keys" }, ...row.map((key) => inlineKey(message, key, actions)))));
}

function inlineKey(message, key, actions) {
  const [kind, picture] = kindOf(key);
  const button = make("button", { class: `key ${key.style || ""}`, "data-kind": kind, type: "button" }, make("span", {}, key.text), picture && icon(picture));
  button.addEventListener("click", () => actions[kind](key, message, button));
  return button;
}

function kindOf(key) {
  if (key.url) return ["url", "out"];
  if (key.callback_data) return ["callback", null];
  if (key.web_app) return ["webApp", "app"];
  if (key.copy_text) return ["copyText", "copy"];
  if ("switch_inline_query_current_chat" in key) return ["switchHere", null];
  return ["switchInline", "share"];
}

// The key turns until the bot answers its callback query.
export function wait(button, queryId) {
  button.classList.add("waiting");
  waiting.set(queryId, button);
}

// Takes the queries that were answered since, and stops their keys.
export function answered(callbacks) {
  const done = callbacks.filter((query) => query.answered && waiting.has(query.id));
  for (const query of done) {
    waiting.get(query.id).classList.remove("waiting");
    waiting.delete(query.id);
  }
  return done;
}

export function drawReplyKeyboard(markup, hidden, actions) {
  const place = find("reply-keyboard");
  find("toggle-keyboard").hidden = !markup;
  place.hidden = !markup || hidden;
  if (!markup) return;
  place.replaceChildren(...markup.keyboard.map((row) => make("div", { class: "keys" }, ...row.map((key) => replyKey(key, actions)))));
}

function replyKey(key, actions) {
  const text = typeof key === "string" ? key : key.text;
  const press = () => (key.web_app ? actions.webApp(key) : actions.command(text));
  return make("button", { class: `key ${key.style || ""}`, type: "button", onclick: press }, make("span", {}, text), key.web_app ? icon("app") : null);
}
