"""What a batch is and what may be answered to it. Pure."""

from dataclasses import dataclass

MOST_TAPS = 1000
"""Taps in one batch, at most (contract)."""
HIGHEST_SEQUENCE = 2**53 - 1
"""The last sequence: the greatest integer that Lua and JavaScript keep exactly."""
ANSWER_KEPT_MS = 5 * 60 * 1000
"""How long the answer to the last batch is repeated unchanged, in milliseconds (contract)."""


@dataclass(frozen=True)
class Answer:
    """What a batch came to. `accepted + deferred` is the batch's delta, unless it is a late replay."""

    my_clicks: int
    global_clicks: int
    accepted: int
    deferred: int
    sequence: int
    level: str
    replay: bool = False


def stored_answer(stored: str, sequence: int, now_ms: int) -> Answer | None:
    """The answer kept with the session, if it is still to be repeated; None if it is too old or missing."""
    if not stored:
        return None
    my_clicks, global_clicks, accepted, deferred, level, at_ms = stored.split(" ")
    if now_ms - int(at_ms) > ANSWER_KEPT_MS:
        return None
    return Answer(
        int(my_clicks), int(global_clicks), int(accepted), int(deferred), sequence, level, replay=True
    )
