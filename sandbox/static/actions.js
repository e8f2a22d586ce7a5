// What every key and link on the page does.

import * as api from "./api.js";
import * as composer from "./composer.js";
import { confirm, copy, toast } from "./dialogs.js";
import { showResults } from "./inline.js";
import { wait } from "./keyboards.js";
import * as miniapp from "./miniapp.js";

// `page` gives user(), bot() and commands().
export function build(page) {
  const userId = () => page.user().id;
  const tell = (promise) => promise.catch((error) => toast(error.message, "bad"));
  const say = (text, replyTo) => tell(api.say(userId(), text, replyTo));
  const play = (options) => tell(miniapp.open({ userId: userId(), ...options }));
  const switchInline = (query) => tell(showResults(page.user(), query, page.bot().username));

  function openLink(url) {
    const path = url.match(/^https?:\/\/t\.me(\/.*)$/i);
    if (path) openTelegramLink(path[1]);
    else confirm(`Open ${url}?`, "Open").then((yes) => yes && window.open(url, "_blank", "noopener"));
  }

  function openTelegramLink(path) {
    const address = new URL(path, "https://t.me");
    if (address.pathname === "/share/url") return copy(address.searchParams.get("url") || "");
    if (address.pathname.split("/")[1].toLowerCase() !== page.bot().username) return toast(`Telegram would open t.me${path}`);
    if (address.searchParams.has("startapp")) return play({ startParam: address.searchParams.get("startapp") });
    const payload = address.searchParams.get("start");
    return say(payload ? `/start ${payload}` : "/start");
  }

  return {
    send: say,
    command: (text) => say(text),
    link: openLink,
    openLink,
    openTelegramLink,
    switchInline: (key) => switchInline(typeof key === "string" ? key : key.switch_inline_query ?? key.switch_inline_query_chosen_chat?.query ?? ""),
    switchHere: (key) => switchInline(key.switch_inline_query_current_chat),
    replyTo: composer.reply,
    typed: (text) => (text.startsWith("/") ? composer.showCommands(page.commands(), text, page.actions()) : composer.hideCommands()),
    url: (key) => openLink(key.url),
    copyText: (key) => copy(key.copy_text.text),
    webApp: (key) => play({ url: key.web_app.url }),
    callback: (key, message, button) => tell(api.press(userId(), message.message_id, key.callback_data).then(({ callback_query_id: id }) => wait(button, id))),
    restart: async (blocked) => {
      if (blocked) await tell(api.block(userId(), false));
      await say("/start");
    },
    block: async () => (await confirm("Block the bot? It can’t write to you then.", "Block")) && tell(api.block(userId(), true)),
  };
}
