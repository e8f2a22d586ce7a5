"""Whatever is sent, the answer is a result or a refusal in the wire format: never a 500."""

import json

import pytest

from clicker.settings import SANDBOX_TOKEN
from sandbox.api import edge
from sandbox.api.registry import METHODS

assert edge.SUBJECTS  # importing them filled METHODS
JUNK = [
    None,
    True,
    -1,
    2**70,
    1.5,
    "",
    "x",
    "\ud800",
    "[",
    [],
    [[]],
    [1, None],
    ["x"],
    {},
    {"type": 5},
    {"id": [1]},
]
DEEP = [
    {"inline_keyboard": [[None]]},
    {"inline_keyboard": [[{"text": 5, "url": []}]]},
    {"inline_keyboard": [[{"text": "x", "url": "http://["}]]},
    {"inline_keyboard": [[{"text": "x", "web_app": {"url": "https://["}}]]},
    {"inline_keyboard": [[{"text": "x", "copy_text": "x"}]]},
    {"keyboard": [[5]]},
    {"keyboard": "x"},
    {"force_reply": True, "input_field_placeholder": 5},
    {"message_id": "x"},
    {"message_id": [1]},
    {"type": "web_app", "text": 5, "web_app": 5},
    {"type": "chat_member", "chat_id": {}, "user_id": True},
    [{"type": "article", "id": "1", "input_message_content": {"message_text": ["x"]}}],
    {"type": "article", "id": "1", "input_message_content": {"message_text": "<b>", "parse_mode": 5}},
    [{"type": "bold", "offset": -5, "length": 2**80}],
    [{"type": "pre"}],
]

STRUCTURED = {
    "allowed_updates", "button", "commands", "entities", "menu_button", "reply_markup", "reply_parameters", "result",
    "results", "scope",
}  # fmt: skip


@pytest.mark.parametrize("method", sorted(METHODS))
def test_junk_never_breaks_a_method(sandbox, alice, method):
    sound = {"chat_id": alice, "text": "x", "message_id": 1, "user_id": alice, "action": "typing"}
    takes = METHODS[method].takes
    for name in sorted(takes):
        for value in [*JUNK, *(DEEP if name in STRUCTURED else [])]:
            parameters = {key: known for key, known in sound.items() if key in takes} | {name: value}
            if name == "timeout" and not isinstance(value, str | list | dict):
                continue  # a valid timeout: it would wait
            answer = sandbox.call(method, **parameters)
            assert answer["ok"] or 400 <= answer["error_code"] < 500, (parameters, answer)


@pytest.mark.parametrize("act", ["messages", "callbacks", "inline", "choices", "block", "unblock", "read"])
def test_junk_never_breaks_an_act_of_a_user(sandbox, alice, act):
    for name in (
        "text",
        "sticker",
        "reply_to",
        "chat_id",
        "message_id",
        "data",
        "query",
        "prepared_id",
        "query_id",
    ):
        for value in JUNK:
            body = json.dumps({"text": "x", "data": "x", name: value})
            answer = sandbox.session.post(f"{sandbox.url}/sandbox/users/{alice}/{act}", data=body)
            assert answer.status_code < 500, (act, body)
        assert sandbox.chat(alice)


def test_junk_in_the_wire_format_itself(sandbox):
    url = f"{sandbox.url}/bot{SANDBOX_TOKEN}/sendMessage"
    for kind in (
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/json; charset=x",
    ):
        for data in (b"", b"--x", b"--x\r\n\r\n\xff", b"\x00" * 50):
            answer = sandbox.session.post(url, data=data, headers={"Content-Type": kind})
            assert answer.json()["error_code"] == 400, (kind, data)
