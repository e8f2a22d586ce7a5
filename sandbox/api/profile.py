"""Methods about the bot itself: its names, texts, commands and menu button."""

import re
from typing import Any

from sandbox.addresses import check_web_app_url
from sandbox.api.registry import method
from sandbox.errors import bad_request
from sandbox.messages import find_chat
from sandbox.parameters import Parameters
from sandbox.parts import Parts
from sandbox.scopes import scope_key
from sandbox.state import Json

COMMANDS = 100
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_LONGEST = {"name": 64, "description": 512, "short_description": 120}


@method("getMe", calm=True)
def get_me(parts: Parts, parameters: Parameters) -> Json:
    return parts.bot_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": True,
    }


@method("setMyCommands", "commands scope language_code")
def set_my_commands(parts: Parts, parameters: Parameters) -> bool:
    commands = parameters.structure("commands", "commands") or []
    if not isinstance(commands, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = (scope_key(parameters), _language(parameters))
    parts.state.profile.commands[key] = [_command(command) for command in commands]
    _changed(parts)
    return True


@method("getMyCommands", "scope language_code", calm=True)
def get_my_commands(parts: Parts, parameters: Parameters) -> list[Json]:
    return parts.state.profile.commands.get((scope_key(parameters), _language(parameters)), [])


@method("deleteMyCommands", "scope language_code")
def delete_my_commands(parts: Parts, parameters: Parameters) -> bool:
    parts.state.profile.commands.pop((scope_key(parameters), _language(parameters)), None)
    _changed(parts)
    return True


@method("setChatMenuButton", "chat_id menu_button")
def set_chat_menu_button(parts: Parts, parameters: Parameters) -> bool:
    button = parameters.structure("menu_button", "menu button") or {"type": "default"}
    _check_menu_button(button)
    chat_id = find_chat(parts, parameters.text("chat_id")).id if parameters.text("chat_id") else 0
    parts.state.profile.menu_buttons[chat_id] = button
    _changed(parts, chat_id)
    return True


@method("getChatMenuButton", "chat_id", calm=True)
def get_chat_menu_button(parts: Parts, parameters: Parameters) -> Json:
    chat_id = find_chat(parts, parameters.text("chat_id")).id if parameters.text("chat_id") else 0
    return menu_button(parts, chat_id)


def menu_button(parts: Parts, chat_id: int) -> Json:
    """The button beside the input of this chat: its own, or the default for all."""
    buttons = parts.state.profile.menu_buttons
    own = buttons.get(chat_id, {"type": "default"})
    return buttons.get(0, own) if own["type"] == "default" else own


def _set_text(kind: str, name: str) -> Any:
    def run(parts: Parts, parameters: Parameters) -> bool:
        text = parameters.text(kind)
        if len(text) > _LONGEST[kind]:
            raise bad_request(f"BOT_{kind.upper()}_INVALID")
        parts.state.profile.texts[kind, _language(parameters)] = text
        _changed(parts)
        return True

    return method(name, f"{kind} language_code")(run)


def _get_text(kind: str, name: str) -> Any:
    def run(parts: Parts, parameters: Parameters) -> Json:
        texts = parts.state.profile.texts
        return {kind: texts.get((kind, _language(parameters))) or texts.get((kind, ""), "")}

    return method(name, "language_code", calm=True)(run)


for _kind, _title in (
    ("name", "MyName"),
    ("description", "MyDescription"),
    ("short_description", "MyShortDescription"),
):
    _set_text(_kind, f"set{_title}")
    _get_text(_kind, f"get{_title}")


def _changed(parts: Parts, chat_id: int = 0) -> None:
    parts.state.dirty = True
    parts.live.tell(chat_id)


def _language(parameters: Parameters) -> str:
    code = parameters.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("LANGUAGE_CODE_INVALID")
    return code


def _command(command: Any) -> Json:
    if not isinstance(command, dict):
        raise bad_request("Can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(command.get(name), str):
            raise bad_request(f"Can't parse BotCommand: Can't find field \"{name}\"")
    if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    kept = {"command": command["command"].removeprefix("/"), "description": command["description"]}
    return kept | ({"is_ephemeral": True} if command.get("is_ephemeral") is True else {})


def _check_menu_button(button: Any) -> None:
    if not isinstance(button, dict):
        raise bad_request("Can't parse menu button: MenuButton must be an Object")
    kind = button.get("type")
    if kind not in ("default", "commands", "web_app"):
        raise bad_request("Can't parse menu button: MenuButton has unsupported type")
    if kind != "web_app":
        return
    app = button.get("web_app")
    if not isinstance(button.get("text"), str):
        raise bad_request("Can't parse menu button: Can't find field \"text\"")
    if not isinstance(app, dict) or not isinstance(app.get("url"), str):
        raise bad_request("Can't parse menu button: Can't find field \"web_app\"")
    check_web_app_url(app["url"], "Menu button Web App")
