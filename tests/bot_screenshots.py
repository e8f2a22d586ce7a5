"""Walks through every scene of the bot in the sandbox's chat page and takes its pictures → docs/img/bot/.

`make screenshots` calls it: each scene light and dark, in English and in Russian.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, expect

from clicker import wiring
from clicker.clock import to_ms
from clicker.settings import Settings
from clicker.stores.keys import Keys
from clicker.wiring import Services
from tests.bot.chat import Chat
from tests.bot.town import Town
from tests.browser import PHONE, chromium
from tests.conftest import Stores, empty, running_in
from tests.processes import ROOT
from tests.waiting import eventually

FOLDER = ROOT / "docs" / "img" / "bot"
THEMES = ("light", "dark")
PEOPLE = {"en": {"first_name": "Alice"}, "ru": {"first_name": "Алиса"}}
RIVALS = {"bob": 941, "carol": 730, "dave": 512, "erin": 99, "frank": 64}
Act = Callable[[Chat, Services], object]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="clicker-") as made, running_in(Path(made), False) as stores:
        services = wiring.build(Settings(database_url=stores.database_url, redis_url=stores.redis_url))
        empty(services)
        town = _town(stores, Path(made))
        try:
            with chromium() as browser:
                _rivals(town, services)
                for number, language in enumerate(PEOPLE):
                    _walk(browser, town, services, 2001 + number, language)
        finally:
            town.stop()


def _town(stores: Stores, folder: Path) -> Town:
    home = folder / "town"
    home.mkdir()
    return Town.built(stores.environment(), home).started()


def _rivals(town: Town, services: Services) -> None:
    for number, (name, clicks) in enumerate(RIVALS.items()):
        rival = town.chat(3001 + number)
        rival.say("/start")
        rival.say(name)
        _tap(rival, services, clicks)


def _tap(chat: Chat, services: Services, clicks: int) -> None:
    opened = services.sessions.open(chat.init_data())
    services.taps.tap(services.sessions.claims(opened.token), clicks, 1)


def _idle(chat: Chat, services: Services) -> None:
    keys = services.sessions.hot.keys
    k = keys.shard(chat.user)
    for session in services.sessions.of_player(chat.user):
        services.redis.zadd(keys.seen(k), {session["id"]: to_ms(services.clock() - 120)}, xx=True)
    services.sessions.reap()


def _pause(chat: Chat, services: Services) -> None:
    _idle(chat, services)
    eventually(lambda: (services.live.find(chat.user) or _NONE).phase == "paused")


def _fall_asleep(chat: Chat, services: Services) -> None:
    _idle(chat, services)
    chat.say("/start")
    eventually(lambda: services.live.find(chat.user))
    services.redis.zadd(Keys.LIVE_SEEN, {str(chat.user): to_ms(services.clock() - 3600)})
    eventually(lambda: services.live.find(chat.user) is None, 30)


class _NONE:
    phase = ""


def _main(chat: Chat, services: Services) -> None:
    _tap(chat, services, 87)
    chat.say("/start")


def _milestone(chat: Chat, services: Services) -> None:
    _tap(chat, services, 60)
    eventually(lambda: any(m.get("effect_id") for m in chat.answers()), 15)


SCENES: dict[str, Act] = {
    "onboarding": lambda chat, _: chat.say("/start"),
    "named": lambda chat, _: chat.say(f"alice_{chat.user}"),
    "main": _main,
    "milestone": _milestone,
    "paused": _pause,
    "rename": lambda chat, _: chat.say("/name"),
    "settings": lambda chat, _: chat.say("/settings"),
    "privacy": lambda chat, _: chat.say("/privacy"),
    "asleep": _fall_asleep,
    "leave": lambda chat, _: chat.say("/delete"),
}
"""In the order of one story."""


def _walk(browser: Browser, town: Town, services: Services, user: int, language: str) -> None:
    chat = town.chat(user).introduce(language_code=language, username=f"alice_{user}", **PEOPLE[language])
    for name, act in SCENES.items():
        act(chat, services)
        for theme in THEMES:
            _shoot(
                browser, f"{town.url}/?user={user}&theme={theme}", FOLDER / f"{name}-{language}-{theme}.png"
            )


def _shoot(browser: Browser, address: str, path: Path) -> None:
    page = browser.new_page(viewport=PHONE, reduced_motion="reduce")
    page.goto(address)
    expect(page.locator("#messages")).to_contain_text("/start")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)  # let the page scroll to its end; nothing is asserted on it
    page.screenshot(path=path)
    page.close()
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
