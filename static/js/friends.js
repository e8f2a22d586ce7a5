// Telling friends, and the home screen: what this Telegram can't do is not offered.
import { $, on } from "./page.js";
import { addToHome, arrived, askForHome, can, onEvent, openLink, share } from "./telegram.js";

let missing = false; // from the home screen

function offer() {
  if (!$("friends")) return;
  $("share").hidden = !can("6.7");
  $("invite").hidden = !$("friends").dataset.invite || !can("6.1");
  $("add-to-home").hidden = !missing;
}

function invite() {
  const { invite: url, text } = $("friends").dataset;
  openLink(`https://t.me/share/url?${new URLSearchParams({ url, text })}`);
}

const ACTS = { share: () => share() || invite(), invite, "add-to-home": addToHome };
on("click", (_, { target }) => ACTS[target.id]?.());
on("drawn", offer);
onEvent("homeScreenChecked", ({ status }) => offer((missing = status === "missing")));
onEvent("homeScreenAdded", () => offer((missing = false)));
arrived.then(askForHome).then(offer);
