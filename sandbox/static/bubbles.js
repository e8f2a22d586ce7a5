// The messages of a chat. A bubble is drawn anew only if its message changed.

import { find, make } from "./dom.js";
import { formatted } from "./entities.js";
import { inlineKeyboard } from "./keyboards.js";

const EFFECTS = { // Telegram's free ones
  "5104841245755180586": "🔥", "5107584321108051014": "👍", "5104858069142078462": "👎",
  "5159385139981059251": "❤️", "5046509860389126442": "🎉", "5046589136895476101": "💩",
};
const drawn = new Map(); // message_id → { json, element }
let shownChat = 0;
let atEnd = true;

// Stays at the newest message, whatever grows, unless the reader went up.
export function start() {
  const scroll = find("scroll");
  const follow = new ResizeObserver(() => { if (atEnd) scroll.scrollTop = scroll.scrollHeight; });
  scroll.addEventListener("scroll", () => { atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60; });
  follow.observe(scroll);
  follow.observe(find("messages"));
}

export function draw(view, actions) {
  if (shownChat !== view.chat.id) { drawn.clear(); atEnd = true; }
  shownChat = view.chat.id;
  const elements = view.messages.map((message) => bubble(message, view, actions));
  forget(view.messages);
  const end = view.draft ? [make("div", { class: "row bot" }, make("div", { class: "bubble draft" }, view.draft))] : [];
  place([...(elements.length ? elements : [empty(view)]), ...end]);
}

// Moves only what has to move: a selection and an animation in an unchanged bubble go on.
function place(elements) {
  const list = find("messages");
  const wanted = new Set(elements);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  elements.forEach((element, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] || null);
  });
}

function forget(messages) {
  const known = new Set(messages.map((message) => message.message_id));
  for (const id of drawn.keys()) if (!known.has(id)) drawn.delete(id);
}

function empty(view) {
  return make("div", { class: "empty" }, make("b", {}, "No messages here yet"), `Press Start to meet the bot as ${view.user.first_name}.`);
}

function bubble(message, view, actions) {
  const json = JSON.stringify(message);
  const before = drawn.get(message.message_id);
  if (before?.json === json) return before.element;
  const element = row(message, message.from.id === view.user.id, actions);
  drawn.set(message.message_id, { json, element });
  return element;
}

function row(message, mine, actions) {
  const time = new Date(message.date * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const parts = [
    message.reply_to_message && quote(message.reply_to_message),
    message.via_bot && make("small", { class: "via" }, `via @${message.via_bot.username}`),
    ...content(message, actions),
    make("time", { class: message.edit_date && "edited", datetime: new Date(message.date * 1000).toISOString() }, message.edit_date ? `edited ${time}` : time),
  ];
  const kind = message.sticker || (message.dice && !message.text) ? "bubble bare" : "bubble";
  const body = make("div", { class: kind, ondblclick: () => actions.replyTo(message) }, ...parts.filter(Boolean));
  if (message.effect_id && !message.edit_date) {
    body.classList.add("effect");
    if (Date.now() / 1000 - message.date < 3) body.classList.add("burst");
    body.dataset.effect = EFFECTS[message.effect_id] || "✨";
  }
  return make(
    "article",
    { class: mine ? "row mine" : "row bot", "data-message": message.message_id },
    make("div", { class: "stack" }, body, inlineKeyboard(message, actions)),
  );
}

function content(message, actions) {
  if (message.dice) return [make("span", { class: "big" }, message.dice.emoji), make("span", { class: "dice" }, String(message.dice.value))];
  if (message.sticker) return [make("span", { class: "big" }, message.sticker.emoji)];
  return [make("div", { class: "text", dir: "auto" }, ...formatted(message.text || "", message.entities, actions))];
}

function quote(message) {
  return make("div", { class: "quote" }, make("b", {}, message.from.first_name), make("span", {}, message.text || "Sticker"));
}
