// What we use of Telegram's script, which may be late, blocked or old; what the address says is read without it.
import { $ } from "./page.js";

const LONGEST_WAIT_MS = 3000;
const address = new URLSearchParams(location.hash.slice(1));
const app = () => window.Telegram?.WebApp;

// Resolves when the script has run, has failed, or is too slow to wait for.
export const arrived = new Promise((resolve) => {
  if (app()) resolve();
  $("telegram").onload = $("telegram").onerror = resolve;
  setTimeout(resolve, LONGEST_WAIT_MS);
});

export const can = (version) => app()?.isVersionAtLeast(version);

// True if it went well.
function attempt(version, act) {
  try {
    return can(version) && (act(app()), true);
  } catch {}
}

function parsed(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

export const initData = () => app()?.initData || address.get("tgWebAppData") || "";
export const user = () => parsed(new URLSearchParams(initData()).get("user"));
export const tick = () => attempt("6.1", (it) => it.HapticFeedback.impactOccurred("light"));
export const cheer = () => attempt("6.1", (it) => it.HapticFeedback.notificationOccurred("success"));
export const guardClosing = (yes) =>
  attempt("6.2", (it) => it.isClosingConfirmationEnabled === yes || (it.isClosingConfirmationEnabled = yes));
export const backButton = (yes) => attempt("6.1", (it) => (it.BackButton.isVisible = yes));
export const share = () => attempt("6.7", (it) => it.switchInlineQuery("", ["users", "groups", "channels"]));
export const openLink = (url) => attempt("6.1", (it) => it.openTelegramLink(url));
export const askForHome = () => attempt("8.0", (it) => it.checkHomeScreenStatus());
export const addToHome = () => attempt("8.0", (it) => it.addToHomeScreen());
export const close = () => attempt("6.0", (it) => it.close());
export const onEvent = (name, listen) => arrived.then(() => attempt("6.0", (it) => it.onEvent(name, listen)));

const theme = parsed(address.get("tgWebAppThemeParams"));
for (const name in theme)
  document.documentElement.style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, theme[name]);

arrived.then(() => {
  attempt("6.0", (it) => (it.ready(), it.expand()));
  attempt("6.1", (it) => (it.headerColor = it.backgroundColor = "secondary_bg_color"));
  attempt("7.7", (it) => it.disableVerticalSwipes());
});
