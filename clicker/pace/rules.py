"""The levels of load and what each means. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """One level and its intervals, in milliseconds; `live_message_s` in seconds (0: only on request)."""

    level: str
    flush_ms: int
    refresh_ms: int
    heartbeat_ms: int
    live_message_s: int

    def as_json(self) -> dict[str, object]:
        """The form that clients read: `{level, flushMs, refreshMs, heartbeatMs}`."""
        return {
            "level": self.level,
            "flushMs": self.flush_ms,
            "refreshMs": self.refresh_ms,
            "heartbeatMs": self.heartbeat_ms,
        }


LEVELS = {
    pace.level: pace
    for pace in (
        Pace("calm", 1000, 1000, 20_000, 3),
        Pace("busy", 2000, 3000, 20_000, 10),
        Pace("strained", 5000, 10_000, 20_000, 60),
        Pace("shedding", 10_000, 30_000, 20_000, 0),
    )
}
CALM = LEVELS["calm"]
