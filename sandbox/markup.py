"""HTML to text and entities, with Telegram's rules and complaints.

Follows https://core.telegram.org/bots/api#html-style; the errors are tdlib's (MessageEntity.cpp, parse_html).
Offsets of entities count UTF-16 code units, those in errors bytes.
"""

import html
import re
from dataclasses import dataclass

from sandbox.errors import ApiError, bad_request
from sandbox.state import Json

_NAMES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_TAG = re.compile(r"""<(/?)([^\s>]*)((?:[^>"']|"[^"]*"|'[^']*')*)>""")
_ATTRIBUTE = re.compile(r"""([^\s=>/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[\w.-]+))?""")
# Only these four named references exist for Telegram; any other & is a plain character.
_REFERENCE = re.compile(r"&(?:(?:lt|gt|amp|quot)\b;?|#x[0-9a-fA-F]{1,6};?|#[0-9]{1,7};?)")


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass
class _Open:
    name: str
    argument: str
    offset: int


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Returns the plain text and its entities. Raises ApiError 400 `can't parse entities: …`."""
    return _Parser(source).parse()


def _unescape(text: str) -> str:
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text = ""
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        position = 0
        while (begin := self.source.find("<", position)) >= 0:
            self._add(self.source[position:begin])
            tag = _TAG.match(self.source, begin)
            if not tag:
                kind = "end" if self.source.startswith("</", begin) else "start"
                raise self._error(f"Unclosed {kind} tag", begin)
            (self._close if tag[1] else self._start)(tag, begin)
            position = tag.end()
        self._add(self.source[position:])
        if self.open:
            raise _complaint(f'Can\'t find end tag corresponding to start tag "{self.open[-1].name}"')
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return self.text, self.entities

    def _add(self, raw: str) -> None:
        plain = _unescape(raw)
        self.text += plain
        self.offset += utf16_length(plain)

    def _error(self, what: str, at: int) -> ApiError:
        return _complaint(f"{what} at byte offset {len(self.source[:at].encode())}")

    def _start(self, tag: re.Match[str], begin: int) -> None:
        name = tag[2].lower()
        if name not in _NAMES:
            raise self._error(f'Unsupported start tag "{name}"', begin)
        attributes = {key.lower(): _unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(tag[3])}
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append(_Open(name, _argument(name, attributes), self.offset))

    def _close(self, tag: re.Match[str], begin: int) -> None:
        if not self.open:
            raise self._error("Unexpected end tag", begin)
        opened, name = self.open.pop(), tag[2].lower()
        if name and name != opened.name:
            error = self._error("Unmatched end tag", begin)
            raise ApiError(400, f'{error.description}, expected "</{opened.name}>", found "</{name}>"')
        if self.offset > opened.offset:
            self._finish(opened)

    def _finish(self, opened: _Open) -> None:
        kind = _NAMES[opened.name]
        entity: Json = {"type": kind, "offset": opened.offset, "length": self.offset - opened.offset}
        last = self.entities[-1] if self.entities else {}
        same_place = last.get("offset") == entity["offset"] and last.get("length") == entity["length"]
        if kind == "text_link":
            self._link(entity, opened.argument)
        elif kind == "pre" and same_place and last["type"] == "code":
            last["type"] = "pre"  # <pre><code class="language-…">: one entity that knows its language
        else:
            if opened.argument and kind == "blockquote":
                entity["type"] = "expandable_blockquote"
            elif opened.argument:
                entity["custom_emoji_id" if kind == "custom_emoji" else "language"] = opened.argument
            self.entities.append(entity)

    def _link(self, entity: Json, url: str) -> None:
        url = url or self.text[-entity["length"] :]
        user = re.fullmatch(r"tg://user\?id=(\d+)", url)
        if user:
            mentioned = {"id": int(user[1]), "is_bot": False, "first_name": self.text[-entity["length"] :]}
            self.entities.append(entity | {"type": "text_mention", "user": mentioned})
        elif re.match(r"(https?|tg|mailto|tel):", url) or "." in url:
            self.entities.append(entity | {"url": url if ":" in url else f"http://{url}/"})


def _argument(name: str, attributes: dict[str, str]) -> str:
    if name == "a":
        return attributes.get("href", "")
    if name == "code":
        return attributes.get("class", "").removeprefix("language-")
    if name == "tg-emoji":
        return attributes.get("emoji-id", "")
    return "expandable" if name == "blockquote" and "expandable" in attributes else ""


def _complaint(what: str) -> ApiError:
    return bad_request(f"can't parse entities: {what}")
