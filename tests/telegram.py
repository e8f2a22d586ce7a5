"""What Telegram would hand to the Mini App: initData, signed with a bot token."""

import json

from init_data_py import sign

from clicker.settings import SANDBOX_TOKEN

ALICE, BOB, CHARLIE = 1001, 1002, 1003


def init_data(
    user: int = ALICE,
    *,
    now: float | None = None,
    token: str = SANDBOX_TOKEN,
    first_name: str = "Alice",
    language: str = "en",
    **fields: str,
) -> str:
    """Signed initData of a user. `now` is its auth_date as Unix time in seconds."""
    person = {"id": user, "first_name": first_name, "language_code": language}
    payload = {"user": json.dumps(person, ensure_ascii=False), "query_id": "AAF", **fields}
    return sign(payload, token, auth_date=now)
