// Telegram's script, which may be late, blocked or old; what the address says is read without it.
import { $ } from "./page.js";

const LONGEST_WAIT_MS = 3000;
const address = new URLSearchParams(location.hash.slice(1));

// What it gives, else true; undefined if it can't be done.
export function telegram(act) {
  try {
    return act(Telegram.WebApp) ?? true;
  } catch {}
}

// Resolves when the script has run, has failed, or is too slow to wait for.
export const arrived = new Promise((resolve) => {
  if (window.Telegram) resolve();
  $("telegram").onload = $("telegram").onerror = resolve;
  setTimeout(resolve, LONGEST_WAIT_MS);
});
export const onEvent = (name, listen) => arrived.then(() => telegram((it) => it.onEvent(name, listen)));

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

export const initData = () => window.Telegram?.WebApp.initData || address.get("tgWebAppData") || "";
export const user = () => parsed(new URLSearchParams(initData()).get("user"));

const theme = parsed(address.get("tgWebAppThemeParams"));
for (const name in theme)
  document.documentElement.style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, theme[name]);

arrived.then(() => {
  telegram((it) => (it.ready(), it.expand()));
  telegram((it) => (it.headerColor = it.backgroundColor = "secondary_bg_color"));
  telegram((it) => it.disableVerticalSwipes());
});
