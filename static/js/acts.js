// What other buttons do.
import { $, dataset, on, onEvent, telegram } from "./page.js";
import { resume } from "./session.js";

function invite() {
	const { link } = $("friends").dataset;
	telegram((it) => it.openTelegramLink(link)) || open(link);
}

const ACTS = {
	share: () => telegram((it) => it.switchInlineQuery("", ["users", "groups", "channels"])) || invite(),
	invite,
	"add-to-home": () => telegram((it) => it.addToHomeScreen()) && (dataset.home = ""),
	close: () => telegram((it) => it.close()),
	"go-on": resume,
	surprise({ value }) {
		$("username-field").value = value.split(" ").sort(() => Math.random() - 0.5)[0];
	},
};
on("click", (_, { target }) => ACTS[target.id]?.(target));
onEvent("homeScreenChecked", ({ status }) => (dataset.home = status));
