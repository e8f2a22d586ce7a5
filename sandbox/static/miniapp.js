// The panel with the Mini App: opening, closing, minimising, and what it may ask of Telegram.

import * as api from "./api.js";
import { Bridge } from "./bridge.js";
import { drawBottomButton } from "./bottombuttons.js";
import { ask, confirm } from "./dialogs.js";
import { find, make } from "./dom.js";
import * as theme from "./theme.js";

let bridge = null;
let opened = null; // what `open` was called with
let asksFirst = false;
let page = null; // { themes, openTelegramLink, openLink, switchInline }

export function start(services) {
  page = services;
  find("miniapp-close").addEventListener("click", () => close());
  find("miniapp-back").addEventListener("click", () => bridge.send("back_button_pressed"));
  find("miniapp-reload").addEventListener("click", () => opened && open(opened));
  find("miniapp-minimise").addEventListener("click", () => minimise(true));
  find("minibar").addEventListener("click", () => minimise(false));
  theme.onChange(() => bridge?.sendTheme());
  window.addEventListener("resize", () => bridge?.sendViewport());
  document.addEventListener("visibilitychange", () => tellVisibility(!document.hidden));
}

export async function open(options) {
  const { url } = await api.launch(options.userId, { ...options, theme: theme.current() });
  dismiss();
  opened = options;
  const frame = make("iframe", { title: "Mini App", allow: "clipboard-write" });
  find("miniapp-frame").replaceChildren(frame);
  find("miniapp").hidden = false;
  find("desk").classList.add("with-app");
  bridge = new Bridge(frame, new URL(url).origin, host(options.userId));
  frame.src = url;
  minimise(false);
}

// Closes the app; asks first if the app wants that.
export async function close() {
  if (asksFirst && !(await confirm("Changes that you made may not be saved."))) return;
  dismiss();
}

export function dismiss() {
  bridge?.stop();
  bridge = opened = null;
  asksFirst = false;
  find("miniapp-frame").replaceChildren();
  find("miniapp-buttons").replaceChildren();
  find("miniapp-back").hidden = true;
  find("miniapp-close").hidden = false;
  find("miniapp").hidden = find("minibar").hidden = true;
  find("desk").classList.remove("with-app", "app-minimised");
}

function minimise(away) {
  find("minibar").hidden = !away;
  find("desk").classList.toggle("app-minimised", away);
  tellVisibility(!away);
}

const tellVisibility = (visible) => bridge?.send("visibility_changed", { is_visible: visible });

function host(userId) {
  return {
    theme: () => page.themes()[theme.current()],
    ready: () => find("miniapp-frame").classList.add("ready"),
    close: () => close(),
    closingBehavior: ({ need_confirmation }) => { asksFirst = need_confirmation; },
    backButton: ({ is_visible }) => { find("miniapp-back").hidden = !is_visible; find("miniapp-close").hidden = is_visible; },
    mainButton: (state) => drawBottomButton("main", state, () => bridge.send("main_button_pressed")),
    secondaryButton: (state) => drawBottomButton("secondary", state, () => bridge.send("secondary_button_pressed")),
    haptic: (data) => pulse(data),
    openLink: ({ url }) => page.openLink(url),
    openTelegramLink: ({ path_full }) => page.openTelegramLink(path_full),
    switchInline: ({ query }) => page.switchInline(query),
    sendPrepared: ({ id }, from) => api.share(userId, id).then(() => from.send("prepared_message_sent"), () => from.send("prepared_message_failed", { error: "MESSAGE_EXPIRED" })),
    popup: async (data, from) => {
      const id = await ask(data);
      from.send("popup_closed", id && id !== "none" ? { button_id: id } : {});
    },
  };
}

function pulse({ type, impact_style, notification_type }) {
  const panel = find("miniapp");
  panel.classList.remove("pulse");
  void panel.offsetWidth; // starts the animation anew
  panel.dataset.haptic = impact_style || notification_type || type;
  panel.classList.add("pulse");
}
