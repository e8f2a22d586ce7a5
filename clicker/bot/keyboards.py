"""Inline keyboards. The way forward is green and on top, what can't be undone is red."""

from collections.abc import Sequence

from aiogram.enums import ButtonStyle
from aiogram.filters.callback_data import CallbackData
from aiogram.types import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    SwitchInlineQueryChosenChat,
    WebAppInfo,
)

from clicker.bot.callbacks import Forget, Go, Idea, Keep, Resume, Show, Surprise, Use
from clicker.bot.links import Links
from clicker.bot.names import SceneName, ScreenName
from clicker.i18n import gettext

Row = list[InlineKeyboardButton]


def main(links: Links, screen: ScreenName = ScreenName.WELCOME) -> InlineKeyboardMarkup:
    """Play, friends, and new numbers for the screen that the keyboard hangs under."""
    refresh = _button("🔄 " + gettext("Refresh"), Show(screen=screen, again=True))
    settings = _button("⚙️ " + gettext("Settings"), Go(scene=SceneName.SETTINGS))
    return _keyboard(*_play(links), *_friends(links), [refresh, settings])


def paused(links: Links) -> InlineKeyboardMarkup:
    """Under a live message whose player's session is paused."""
    resume = _button("▶️ " + gettext("Resume"), Resume(), ButtonStyle.PRIMARY)
    return _keyboard([resume], *_play(links))


def asleep(links: Links) -> InlineKeyboardMarkup:
    """Under a live message that stands still."""
    wake = Show(screen=ScreenName.WELCOME, again=True)
    return _keyboard([_button("🔔 " + gettext("Wake up"), wake, ButtonStyle.PRIMARY)], *_play(links))


def back(links: Links) -> InlineKeyboardMarkup:
    """Under texts that are read once."""
    return _keyboard(*_play(links), [_back()])


def settings() -> InlineKeyboardMarkup:
    return _keyboard(
        [_button("✏️ " + gettext("Change username"), Go(scene=SceneName.RENAME))],
        [_button("🔒 " + gettext("Privacy"), Show(screen=ScreenName.PRIVACY))],
        [_button("🗑 " + gettext("Delete my data"), Go(scene=SceneName.LEAVE), ButtonStyle.DANGER)],
        [_back()],
    )


def usernames(suggested: Sequence[str], present: str = "") -> InlineKeyboardMarkup:
    """Suggestions, the most natural one on top; with a `present` username, a way to keep it."""
    rows = [
        [_button(gettext("Use %(username)s", username=name), Use(username=name), style)]
        for name, style in zip(suggested, (ButtonStyle.PRIMARY, None, None), strict=False)
    ]
    another = _button("💡 " + gettext("Another idea"), Idea())
    if present:
        keep = _button(gettext("Keep %(username)s", username=present), Keep())
        return _keyboard(*rows, [another], [keep])
    return _keyboard(*rows, [another, _button("🎲 " + gettext("Surprise me"), Surprise())])


def leave() -> InlineKeyboardMarkup:
    return _keyboard(
        [_button(gettext("Keep my data"), Keep(), ButtonStyle.SUCCESS)],
        [_button("🗑 " + gettext("Yes, delete everything"), Forget(), ButtonStyle.DANGER)],
    )


def start_anew() -> InlineKeyboardMarkup:
    return _keyboard([_button(gettext("Start anew"), Show(screen=ScreenName.WELCOME), ButtonStyle.PRIMARY)])


def try_again() -> InlineKeyboardMarkup:
    return _keyboard(
        [_button("🔄 " + gettext("Try again"), Show(screen=ScreenName.WELCOME), ButtonStyle.PRIMARY)]
    )


def link(text: str, url: str) -> InlineKeyboardMarkup:
    """One button that opens an address: in groups there are no others."""
    return _keyboard([InlineKeyboardButton(text=text, url=url)])


def milestone(links: Links) -> InlineKeyboardMarkup:
    """Under a celebration: to play on, and to show off."""
    return _keyboard(*_play(links), *_friends(links)[:1]) if links.invite else back(links)


def _friends(links: Links) -> list[Row]:
    """Two ways to a friend: a challenge, and the invite link."""
    if not links.invite:
        return []
    chosen = SwitchInlineQueryChosenChat(query="", allow_user_chats=True, allow_group_chats=True)
    challenge = InlineKeyboardButton(
        text="⚔️ " + gettext("Challenge a friend"), switch_inline_query_chosen_chat=chosen
    )
    copy = InlineKeyboardButton(
        text="🔗 " + gettext("Copy invite link"), copy_text=CopyTextButton(text=links.invite)
    )
    return [[challenge], [copy]]


def _play(links: Links) -> list[Row]:
    if not links.play:
        return []
    app = WebAppInfo(url=links.play)
    return [[InlineKeyboardButton(text=gettext("Play"), web_app=app, style=ButtonStyle.SUCCESS)]]


def _back() -> InlineKeyboardButton:
    return _button("‹ " + gettext("Back"), Show(screen=ScreenName.WELCOME))


def _button(text: str, data: CallbackData, style: str | None = None) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack(), style=style)


def _keyboard(*rows: Row) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=list(rows))
