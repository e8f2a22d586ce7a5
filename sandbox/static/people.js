// The switcher between test users, with unread marks.

import { find, make } from "./dom.js";

const TINTS = ["tint-a", "tint-b", "tint-c"];

export function avatar(user, index = 0) {
  return make("span", { class: `avatar ${TINTS[index % TINTS.length]}`, "aria-hidden": "true" }, user.first_name.slice(0, 1));
}

let shown = null; // whose tab was brought into view

export function draw(users, unread, chosen, choose) {
  find("people").replaceChildren(...users.map((user, index) => person(user, index, unread[user.id] || 0, user.id === chosen, choose)));
  const tab = find("people").querySelector("[aria-pressed=true]");
  if (tab && chosen !== shown) find("people").scrollLeft = tab.offsetLeft - find("people").clientWidth / 2; // tabs in a row, on a phone
  shown = chosen;
}

function person(user, index, unread, isChosen, choose) {
  const mark = unread && !isChosen ? make("span", { class: "unread", title: `${unread} unread` }, String(unread)) : null;
  const detail = `${user.username ? `@${user.username}` : user.id} · ${user.language_code}`;
  return make(
    "button",
    { class: "person", "aria-pressed": String(isChosen), "data-user": user.id, onclick: () => choose(user.id) },
    avatar(user, index),
    make("span", { class: "person-name" }, make("b", {}, user.first_name), make("small", {}, detail)),
    mark,
  );
}

export function drawStats(stats) {
  const calls = Object.values(stats.calls).reduce((sum, count) => sum + count, 0);
  const rows = [["calls", calls], ["chats", stats.chats], ["429s", stats.too_many_requests]];
  find("stats").replaceChildren(...rows.map(([name, count]) => make("div", {}, make("dt", {}, name), make("dd", {}, String(count)))));
}
