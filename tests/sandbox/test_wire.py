"""The wire format, judged by aiogram: its types parse what we say, its client calls what we serve."""

import asyncio
import json

import aiogram.methods
import pytest
import requests
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramUnauthorizedError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MenuButtonWebApp,
    Message,
    Update,
    WebAppInfo,
)

from clicker.settings import SANDBOX_TOKEN
from sandbox.api import edge
from sandbox.api.registry import METHODS


def plain(thing):
    """An aiogram object without the client it is bound to."""
    return thing.model_dump(exclude_none=True)


def with_bot(sandbox, story, token=SANDBOX_TOKEN):
    """Runs `story(bot)` with a real aiogram client."""

    async def run():
        session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
        async with Bot(token, session=session) as bot:
            return await story(bot)

    return asyncio.run(run())


def test_every_method_takes_exactly_the_parameters_that_aiogram_knows():
    assert edge.SUBJECTS
    for method in METHODS.values():
        known = getattr(aiogram.methods, method.name[0].upper() + method.name[1:])
        assert method.takes == set(known.model_fields), method.name


def test_updates_are_valid_updates(sandbox, stranger):
    text = sandbox.act(stranger, "messages", text="/start hello")
    sandbox.act(stranger, "messages", sticker=True, reply_to=text["message_id"])
    sandbox.act(stranger, "callbacks", message_id=text["message_id"], data="x")
    sandbox.act(stranger, "inline", query="me")
    sandbox.act(stranger, "block")
    updates = [Update.model_validate(update) for update in sandbox.updates()]
    assert [update.event_type for update in updates] == [
        "message",
        "message",
        "callback_query",
        "inline_query",
        "my_chat_member",
    ]
    assert updates[1].message.reply_to_message.text == "/start hello"
    assert updates[2].callback_query.from_user.id == stranger
    assert updates[4].my_chat_member.new_chat_member.status == "kicked"


def test_aiograms_client_sends_edits_and_deletes(sandbox, alice):
    play = InlineKeyboardButton(text="Play", web_app=WebAppInfo(url="https://example.org/"), style="success")
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[play]])

    async def story(bot: Bot):
        me = await bot.get_me()
        sent = await bot.send_message(
            alice, "<b>5</b> clicks", parse_mode=ParseMode.HTML, reply_markup=keyboard, message_effect_id="51"
        )
        edited = await bot.edit_message_text(
            "6 clicks", chat_id=alice, message_id=sent.message_id, reply_markup=keyboard
        )
        bare = await bot.edit_message_reply_markup(chat_id=alice, message_id=sent.message_id)
        gone = await bot.delete_message(alice, sent.message_id)
        return me, sent, edited, bare, gone

    me, sent, edited, bare, gone = with_bot(sandbox, story)
    assert me.is_bot
    assert sent.entities[0].type == "bold"
    assert (sent.effect_id, sent.from_user.id, sent.chat.type) == ("51", me.id, "private")
    assert plain(sent.reply_markup) == plain(keyboard)
    assert (edited.text, bool(edited.edit_date)) == ("6 clicks", True)
    assert plain(edited.reply_markup) == plain(keyboard)
    assert bare.reply_markup is None
    assert gone is True


def test_aiograms_client_sets_and_reads_the_profile(sandbox, alice):
    button = MenuButtonWebApp(text="Play", web_app=WebAppInfo(url="http://127.0.0.1:8000/"))
    commands = [BotCommand(command="top", description="The 20 best")]

    async def story(bot: Bot):
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats())
        await bot.set_chat_menu_button(menu_button=button)
        await bot.set_my_description("Tap.", language_code="ru")
        await bot.set_my_short_description("Tap!")
        await bot.set_my_name("Clicker")
        return (
            [plain(command) for command in await bot.get_my_commands(scope=BotCommandScopeAllPrivateChats())],
            plain(await bot.get_chat_menu_button()),
            (await bot.get_my_description(language_code="ru")).description,
            (await bot.get_chat(alice)).id,
            (await bot.get_chat_member(alice, alice)).status,
            (await bot.get_webhook_info()).url,
        )

    assert with_bot(sandbox, story) == ([plain(commands[0])], plain(button), "Tap.", alice, "member", "")


def test_aiograms_client_gets_updates_and_answers_queries(sandbox, alice):
    asked = sandbox.act(alice, "messages", text="hi")
    sandbox.act(alice, "callbacks", message_id=asked["message_id"], data="refresh")
    sandbox.act(alice, "inline", query="me")

    async def story(bot: Bot):
        _, pressed, typed = await bot.get_updates(
            allowed_updates=["message", "callback_query", "inline_query"]
        )
        await pressed.callback_query.answer("Fresh", show_alert=True)
        card = InlineQueryResultArticle(
            id="1",
            title="Me",
            input_message_content=InputTextMessageContent(message_text="<b>5</b>", parse_mode="HTML"),
        )
        await typed.inline_query.answer([card], cache_time=0, is_personal=True)
        await bot.send_chat_action(alice, "typing")
        await bot.send_message_draft(alice, draft_id=7, text="thin")
        return await bot.save_prepared_inline_message(alice, card, allow_user_chats=True)

    prepared = with_bot(sandbox, story)
    chat = sandbox.chat(alice)
    assert {"answered": True, "text": "Fresh", "show_alert": True}.items() <= chat["callbacks"][-1].items()
    assert chat["inline_queries"][-1]["results"][0]["message_text"] == "5"
    assert (chat["action"], chat["draft"]) == ("typing", "thin")
    sandbox.act(alice, "choices", prepared_id=prepared.id)
    assert sandbox.chat(alice)["messages"][-1]["text"] == "5"


def test_aiogram_raises_its_own_errors_for_ours(sandbox, alice):
    async def story(bot: Bot):
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await bot.send_message(999_999_999, "x")
        sandbox.act(alice, "block")
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await bot.send_message(alice, "x")

    with_bot(sandbox, story)

    async def foreign(bot: Bot):
        with pytest.raises(TelegramUnauthorizedError):
            await bot.get_me()

    with_bot(sandbox, foreign, token="4242424242:another-token")


@pytest.mark.parametrize("way", ["query", "form", "multipart", "json"])
def test_parameters_come_in_all_four_ways(sandbox, alice, way):
    markup = ForceReply(input_field_placeholder="name").model_dump(exclude_none=True)
    plain = {"chat_id": str(alice), "text": "привет", "reply_markup": json.dumps(markup)}
    url = f"{sandbox.url}/bot{SANDBOX_TOKEN}/SENDmessage"
    answer = {
        "query": lambda: requests.get(url, params=plain),
        "form": lambda: requests.post(url, data=plain),
        "multipart": lambda: requests.post(url, files={name: (None, value) for name, value in plain.items()}),
        "json": lambda: requests.post(url, json={"chat_id": alice, "text": "привет", "reply_markup": markup}),
    }[way]()
    message = Message.model_validate(answer.json()["result"])
    assert message.text == "привет"
    assert message.reply_markup is None  # only inline keyboards come back
    shown = sandbox.chat(alice)["messages"][-1]
    assert shown["reply_markup"] == markup


def test_a_dice_has_telegrams_range(sandbox, alice):
    for emoji, highest in {"🎲": 6, "🏀": 5, "🎰": 64}.items():
        rolled = Message.model_validate(sandbox.result("sendDice", chat_id=alice, emoji=emoji))
        assert rolled.dice.emoji == emoji
        assert 1 <= rolled.dice.value <= highest
