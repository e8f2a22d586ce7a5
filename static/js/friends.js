// Telling friends, and the home screen: what this Telegram can't do is not offered.
import { $, on } from "./page.js";
import { arrived, onEvent, telegram } from "./telegram.js";

let missing = false; // from the home screen

function offer() {
  if (!$("friends")) return;
  const able = telegram((it) => it.isVersionAtLeast("6.7"));
  $("share").hidden = !able;
  $("invite").hidden = !able || !$("friends").dataset.invite;
  $("add-to-home").hidden = !missing;
}

function invite() {
  const { invite: url, text } = $("friends").dataset;
  telegram((it) => it.openTelegramLink(`https://t.me/share/url?${new URLSearchParams({ url, text })}`));
}

const ACTS = {
  share: () => telegram((it) => it.switchInlineQuery("", ["users", "groups", "channels"])) || invite(),
  invite,
  "add-to-home": () => telegram((it) => it.addToHomeScreen()),
};
on("click", (_, { target }) => ACTS[target.id]?.());
on("drawn", offer);
onEvent("homeScreenChecked", ({ status }) => offer((missing = status === "missing")));
onEvent("homeScreenAdded", () => offer((missing = false)));
arrived.then(() => offer(telegram((it) => it.isVersionAtLeast("8.0") && it.checkHomeScreenStatus())));
