"""A message's text as Telegram keeps it: parsed, trimmed, measured, with the entities a client would find
itself.
"""

import re
from typing import Any

from sandbox.errors import bad_request
from sandbox.markup import parse_html, utf16_length
from sandbox.parameters import Parameters
from sandbox.state import Json

LONGEST = 4096  # characters after parsing; core.telegram.org/bots/api#sendmessage
_PLAIN = {
    "url": re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]"),
    "bot_command": re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,64}(?:@\w+)?"),
    "mention": re.compile(r"(?<![\w/])@[A-Za-z]\w{3,31}"),
    "hashtag": re.compile(r"(?<![\w/&])#\w*[^\W\d]\w*"),
}
_NO_DETECTION_IN = {"code", "pre", "text_link", "text_mention"}


def read_text(parameters: Parameters) -> tuple[str, list[Json]]:
    """The call's text and entities. Raises ApiError 400: empty, too long, or not to be parsed."""
    source = parameters.text("text")
    if not source:
        raise bad_request("Message text is empty")
    given = parameters.structure("entities", "entities")
    text, entities = formatted(source, parameters.text("parse_mode"), given)
    if not text:
        raise bad_request("Message text is empty")
    if len(text) > LONGEST:
        raise bad_request("message is too long")
    return text, entities


def formatted(source: str, parse_mode: str, given: Any = None) -> tuple[str, list[Json]]:
    """Plain text and entities of `source`. Raises ApiError 400."""
    mode = parse_mode.lower()
    if mode in ("", "none"):
        text, entities = source, _given(given)
    elif mode == "html":
        text, entities = parse_html(source)
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("can't parse entities: the sandbox reads HTML only")
    else:
        raise bad_request("Unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    return text, detected(text, entities)


def detected(text: str, entities: list[Json]) -> list[Json]:
    """Adds commands, links, mentions and hashtags, where the sender's own entities leave room."""
    taken = [_span(entity) for entity in entities if entity["type"] in _NO_DETECTION_IN]
    found = list(entities)
    for kind, pattern in _PLAIN.items():
        for match in pattern.finditer(text):
            begin = utf16_length(text[: match.start()])
            end = begin + utf16_length(match[0])
            if all(end <= first or begin >= last for first, last in taken):
                taken.append((begin, end))
                found.append({"type": kind, "offset": begin, "length": end - begin})
    return sorted(found, key=lambda entity: (entity["offset"], -entity["length"]))


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _given(entities: Any) -> list[Json]:
    if not isinstance(entities, list):
        return []
    for entity in entities:
        whole = isinstance(entity, dict) and isinstance(entity.get("type"), str)
        if not whole or not all(isinstance(entity.get(key), int) for key in ("offset", "length")):
            raise bad_request("can't parse MessageEntity")
    return [dict(entity) for entity in entities]


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    lead = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    kept = []
    for entity in entities:
        begin = max(0, entity["offset"] - lead)
        end = min(utf16_length(text), entity["offset"] + entity["length"] - lead)
        if end > begin:
            kept.append(entity | {"offset": begin, "length": end - begin})
    return text, kept
