// The chat page: one user at a time, kept up to date by the sandbox's event stream.

import * as actionsFor from "./actions.js";
import * as api from "./api.js";
import * as bubbles from "./bubbles.js";
import * as composer from "./composer.js";
import { alert, toast } from "./dialogs.js";
import { find } from "./dom.js";
import * as inline from "./inline.js";
import * as keyboards from "./keyboards.js";
import * as miniapp from "./miniapp.js";
import * as people from "./people.js";
import * as theme from "./theme.js";

const KEY = "sandbox.user";
let bot = null;
let view = null;
let keyboardHidden = false;
let chosen = Number(new URLSearchParams(location.search).get("user") || localStorage.getItem(KEY)) || 1001;

const actions = actionsFor.build({
  user: () => view.user,
  bot: () => bot,
  commands: () => view.commands,
  actions: () => actions,
});

async function refreshChat() {
  const wanted = chosen;
  const fresh = await api.chat(wanted);
  if (wanted !== chosen) return;
  view = fresh;
  draw();
  if (view.unread && !document.hidden) await api.read(chosen);
}

async function refreshPeople() {
  bot = await api.bot(view?.user.language_code || "");
  if (!bot.users.some((user) => user.id === chosen)) bot.users.push(view?.user || { id: chosen, first_name: `Player ${chosen}`, language_code: "en" });
  people.draw(bot.users, bot.unread, chosen, choose);
  people.drawStats(await api.stats());
  find("bot-name").textContent = find("miniapp-title").textContent = bot.name;
}

function draw() {
  bubbles.draw(view, actions);
  composer.draw(view, actions);
  keyboards.drawReplyKeyboard(view.keyboard, keyboardHidden, actions);
  inline.answered(view.inline_queries);
  keyboards.answered(view.callbacks).forEach(showAnswer);
  find("bot-status").textContent = view.action ? `${view.action.replaceAll("_", " ")}…` : "bot";
  find("block-bot").hidden = view.blocked || !view.started;
}

function showAnswer({ text, show_alert, url }) {
  if (url) actions.openLink(url);
  else if (text && show_alert) alert(text, bot.name);
  else if (text) toast(text);
}

async function choose(id) {
  if (id === chosen && view) return;
  miniapp.dismiss();
  composer.reply(null);
  chosen = id;
  keyboardHidden = false;
  localStorage.setItem(KEY, id);
  await refreshChat();
  await refreshPeople();
}

async function begin() {
  theme.start();
  bubbles.start();
  composer.start(actions);
  miniapp.start({ themes: () => bot.themes, ...actions });
  find("restart").addEventListener("click", () => actions.restart(view.blocked));
  find("block-bot").addEventListener("click", () => actions.block());
  find("toggle-keyboard").addEventListener("click", () => { keyboardHidden = !keyboardHidden; draw(); });
  await refreshChat();
  await refreshPeople();
  const watched = [...new Set([...bot.users.map((user) => user.id), chosen])];
  api.watch(watched, async (changed) => {
    if (changed.includes(chosen) || changed.includes(0)) await refreshChat();
    await refreshPeople();
  });
}

begin().catch((error) => toast(error.message, "bad"));
