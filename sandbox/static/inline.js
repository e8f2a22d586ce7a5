// Inline mode: what `@bot query` would offer, and sending one of it.

import * as api from "./api.js";
import { ask, toast } from "./dialogs.js";
import { make } from "./dom.js";

const PATIENCE_MS = 10000;
const waiting = new Map(); // inline query id → resolve

// Asks the bot and shows its results. The chosen one lands in this chat: there are no others here.
export async function showResults(user, query, botUsername) {
  const { inline_query_id: id } = await api.askInline(user.id, query);
  const record = await answerTo(id);
  if (!record) return toast("The bot did not answer the inline query", "bad");
  const chosen = await ask({
    title: `@${botUsername} ${query}`,
    message: record.results.length ? "What would be sent to the chosen chat:" : "The bot offers nothing for this.",
    body: make("div", { class: "results" }, ...record.results.map(card)),
    buttons: [{ id: "close", type: "close" }],
  });
  if (chosen.startsWith("result:")) await api.choose(user.id, id, chosen.slice("result:".length));
}

function answerTo(id) {
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    setTimeout(() => { waiting.delete(id); resolve(null); }, PATIENCE_MS);
  });
}

// Called with every new view of the chat.
export function answered(queries) {
  for (const query of queries) {
    if (query.answered && waiting.has(query.id)) {
      waiting.get(query.id)(query);
      waiting.delete(query.id);
    }
  }
}

function card(result) {
  const choose = (event) => event.currentTarget.closest("dialog").close(`result:${result.id}`);
  return make(
    "button",
    { class: "result", type: "button", onclick: choose },
    make("b", {}, result.title || result.type),
    make("span", {}, result.description || ""),
    make("span", { class: "result-text" }, result.message_text),
  );
}
