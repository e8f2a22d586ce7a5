// Telegram's script, if there is one.
export const root = document.documentElement;
const address = new URLSearchParams(location.hash.slice(1));

export function attempt(work) {
	try {
		return work();
	} catch {}
}

const parsed = (text) => attempt(() => JSON.parse(text)) ?? {};
export const telegram = (act) => attempt(() => act(Telegram.WebApp) ?? true);
export const arrived = new Promise((resolve) => {
	addEventListener("load", resolve);
	setTimeout(resolve, 3000);
});
export const onEvent = (name, listen) => arrived.then(() => telegram((it) => it.onEvent(name, listen)));
export const initData = () => window.Telegram?.WebApp.initData || address.get("tgWebAppData") || "";
export const user = () => parsed(new URLSearchParams(initData()).get("user"));
export const keyOf = (kind) => `${kind}.${user().id}`;

const theme = parsed(address.get("tgWebAppThemeParams"));
for (const name in theme)
	root.style.setProperty(`--tg-theme-${name.replaceAll("_", "-")}`, theme[name]);

arrived.then(() =>
	telegram((it) => {
		it.ready();
		it.expand();
		it.disableVerticalSwipes();
		it.headerColor = it.backgroundColor = "secondary_bg_color";
		it.version >= 8 && it.checkHomeScreenStatus();
	}),
);
