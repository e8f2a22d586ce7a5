// Telling friends, and the home screen when the game is missing there.
import { $, on } from "./page.js";
import { arrived, onEvent, telegram } from "./telegram.js";

let missing = false;
const offer = () => $("friends") && ($("add-to-home").hidden = !missing);

function invite() {
  const url = `https://t.me/share/url?${new URLSearchParams({ ...$("friends").dataset })}`;
  telegram((it) => it.openTelegramLink(url)) || open(url);
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
arrived.then(() => telegram((it) => it.isVersionAtLeast("8.0") && it.checkHomeScreenStatus()));
