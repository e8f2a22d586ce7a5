"""Putting a screen into a chat: as a new message after a message, in place after a button."""

from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from clicker.bot.charging import going
from clicker.bot.screens import Screen
from clicker.outbox.rules import Lane

Event = Message | CallbackQuery
_UNCHANGED = "message is not modified"
_GONE = ("message to edit not found", "message can't be edited", "there is no text in the message to edit")


async def send(event: Event, screen: Screen) -> int:
    """Sends a new message into the chat of the event. Returns its message_id."""
    bot, chat_id = _where(event)
    return (await bot.send_message(chat_id, screen.text, reply_markup=screen.keyboard)).message_id


async def show(event: Event, screen: Screen) -> int:
    """Shows the screen where the player is looking: in the message whose button was pressed, or in a new one.

    A pressed message that is gone is replaced by a new one. Returns the message_id.
    """
    pressed = event.message if isinstance(event, CallbackQuery) else None
    if pressed and await edit(event, pressed.message_id, screen):
        return pressed.message_id
    return await send(event, screen)


async def edit(event: Event, message_id: int, screen: Screen) -> bool:
    """Edits a message of the bot in the chat of the event. Returns False if it is gone."""
    bot, chat_id = _where(event)
    try:
        await bot.edit_message_text(
            screen.text, chat_id=chat_id, message_id=message_id, reply_markup=screen.buttons
        )
    except TelegramBadRequest as error:
        return _still_there(error)
    return True


async def change_buttons(event: CallbackQuery, buttons: InlineKeyboardMarkup) -> None:
    """Other buttons under the message that was pressed; no matter if it is gone."""
    bot, chat_id = _where(event)
    if event.message:
        with suppress(TelegramBadRequest):
            await bot.edit_message_reply_markup(
                chat_id=chat_id, message_id=event.message.message_id, reply_markup=buttons
            )


async def strip(event: Event, message_id: int) -> None:
    """Takes the buttons off a message that has done its work, when there is time; no matter if it is gone."""
    bot, chat_id = _where(event)
    with going(Lane.CHORE):
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)


async def remove(event: Event, message_id: int) -> None:
    """Deletes a message of the bot; no matter if it is gone, or too old for that (48 hours)."""
    bot, chat_id = _where(event)
    await bot.delete_message(chat_id, message_id)  # a chore as well, see charging.py


def _still_there(error: TelegramBadRequest) -> bool:
    if _UNCHANGED in error.message:
        return True
    if any(gone in error.message for gone in _GONE):
        return False
    raise error


def _where(event: Event) -> tuple[Bot, int]:
    assert event.bot is not None  # noqa: S101 - every update is fed in with its bot
    message = event.message if isinstance(event, CallbackQuery) else event
    chat_id = message.chat.id if message else event.from_user.id if event.from_user else 0
    return event.bot, chat_id
