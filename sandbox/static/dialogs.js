// Toasts, alerts, questions and sheets.

import { find, make } from "./dom.js";

const TOAST_MS = 3500;

export function toast(text, kind = "") {
  const note = make("div", { class: `toast ${kind}` }, text);
  find("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

// Shows a dialog; resolves with the chosen button's id, or "" if it was dismissed.
export function ask({ title, message, buttons, body }) {
  const dialog = find("dialog");
  dialog.replaceChildren(
    ...[title && make("h2", {}, title), message && make("p", {}, message), body].filter(Boolean),
    make("div", { class: "dialog-buttons" }, ...buttons.map(button)),
  );
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}

function button({ id, text, type }) {
  const words = { ok: "OK", close: "Close", cancel: "Cancel" };
  const press = () => { find("dialog").close(id || "none"); };
  return make("button", { class: `dialog-button ${type || ""}`, type: "button", onclick: press }, text || words[type] || "OK");
}

export const alert = (message, title = "Clicker") => ask({ title, message, buttons: [{ id: "ok", type: "ok" }] });

export async function confirm(message, yes = "Close anyway") {
  const chosen = await ask({
    message,
    buttons: [{ id: "cancel", type: "cancel" }, { id: "yes", text: yes, type: "destructive" }],
  });
  return chosen === "yes";
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied to the clipboard");
  } catch {
    await ask({ title: "Copy this", message: text, buttons: [{ id: "ok", type: "ok" }] });
  }
}
