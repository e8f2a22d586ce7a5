// The line at the bottom: writing, replying, commands, the menu button.

import { find, icon, make } from "./dom.js";

let replyTo = null;
let forced = 0; // the ForceReply message that was already taken up

export function start(actions) {
  const input = find("input");
  find("composer").addEventListener("submit", (event) => { event.preventDefault(); send(actions); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(actions); }
    if (event.key === "Escape") hideCommands();
  });
  input.addEventListener("input", () => { grow(); actions.typed(input.value); });
  find("replying-cancel").addEventListener("click", () => reply(null));
}

function send(actions) {
  const input = find("input");
  const text = input.value.trim();
  if (!text) return;
  const target = replyTo?.message_id;
  input.value = "";
  reply(null);
  hideCommands();
  grow();
  actions.send(text, target);
}

function grow() {
  const input = find("input");
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
}

export function write(text) {
  find("input").value = text;
  find("input").focus();
  grow();
}

export function reply(message) {
  replyTo = message;
  find("replying").hidden = !message;
  find("input").placeholder = message?.reply_markup?.input_field_placeholder || "Message";
  if (!message) return;
  find("replying-text").textContent = (message.text || "Sticker").split("\n")[0];
  find("input").focus();
}

export function draw(view, actions) {
  const force = view.force_reply;
  if (force && force.message_id !== forced) { forced = force.message_id; reply(force); }
  else if (!force && replyTo?.reply_markup?.force_reply) reply(null);
  const out = !view.started || view.blocked;
  find("composer").hidden = out;
  find("restart").hidden = !out;
  find("restart").textContent = view.blocked ? "Unblock and restart" : "Start";
  drawMenu(view, actions);
}

function drawMenu(view, actions) {
  const menu = find("menu");
  const opensApp = view.menu_button.type === "web_app";
  menu.replaceChildren(icon(opensApp ? "play" : "slash"), make("span", {}, opensApp ? view.menu_button.text : "Menu"));
  menu.hidden = !opensApp && !view.commands.length;
  menu.onclick = () => (opensApp ? actions.webApp(view.menu_button) : showCommands(view.commands, "", actions));
}

export function showCommands(commands, typed, actions) {
  const list = find("commands");
  const fitting = commands.filter(({ command }) => `/${command}`.startsWith(typed || "/"));
  const pick = (command) => { hideCommands(); write(""); actions.command(`/${command}`); };
  list.replaceChildren(...fitting.map(({ command, description }) => make("li", {}, make("button", { type: "button", onclick: () => pick(command) }, make("b", {}, `/${command}`), make("span", {}, description)))));
  list.hidden = !fitting.length || (!typed && !list.hidden);
}

export function hideCommands() {
  find("commands").hidden = true;
}
