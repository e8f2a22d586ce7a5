"""Inline mode: `@bot` anywhere in Telegram offers a card with the player's score, to challenge a friend with."""

from aiogram import Router
from aiogram.types import (
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
)

from clicker.bot import keyboards
from clicker.bot.game import Game, Glance
from clicker.bot.links import Links
from clicker.bot.texts import challenge, toast
from clicker.i18n import gettext

CACHE_S = 10
"""How long Telegram may offer the same card; its default of 300 s would show a score of five minutes ago."""


def build() -> Router:
    router = Router(name="inline")
    router.inline_query.register(offer)
    return router


async def offer(event: InlineQuery, game: Game) -> None:
    """One card; for somebody without a username a button that leads to one."""
    glance = await game.look(event.from_user.id)
    if glance is None:
        begin = InlineQueryResultsButton(text=gettext("First choose a username"), start_parameter="inline")
        await event.answer([], cache_time=0, is_personal=True, button=begin)
        return
    await event.answer([card(glance, game.links)], cache_time=CACHE_S, is_personal=True)


def card(glance: Glance, links: Links) -> InlineQueryResultArticle:
    """The score card. Pure."""
    text = challenge(glance.player, glance.standing)
    button = keyboards.link("⚔️ " + gettext("Accept"), links.of(glance.player.id).invite)
    return InlineQueryResultArticle(
        id="score",
        title=gettext("Challenge with my score"),
        description=toast(glance.standing),
        input_message_content=InputTextMessageContent(message_text=text, parse_mode="HTML"),
        reply_markup=button if links.bot else None,
    )
