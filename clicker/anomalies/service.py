"""Judging windows, and what follows: a lower cap, a row for the operator, the operator's own decision."""

from datetime import datetime, timedelta
from typing import Any

from clicker.anomalies.models import AnomalyRow
from clicker.anomalies.rules import Limits, Sign, State, Window, decided, score, signs
from clicker.anomalies.store import HotAnomalies, LedgerAnomalies
from clicker.audit.rules import SYSTEM, Action, Actor, player_resource
from clicker.audit.service import AuditService
from clicker.clock import Clock, to_ms, utc
from clicker.settings import Settings

TAKEN_AT_ONCE = 1000
"""Windows of a shard that one run of the job judges; a window is overwritten by the player's next one."""
KEPT_DAYS = 90
"""How long a player who was never flagged is remembered after the last suspicious window."""
SHOWN = 20


class AnomaliesService:
    """Use cases of the room."""

    def __init__(
        self,
        settings: Settings,
        hot: HotAnomalies,
        ledger: LedgerAnomalies,
        audit: AuditService,
        clock: Clock,
    ) -> None:
        self.settings, self.hot, self.ledger, self.audit, self.clock = settings, hot, ledger, audit, clock
        self.limits = Limits(
            tap_rate=settings.tap_rate,
            rapid=settings.anomaly_rapid,
            even=settings.anomaly_even,
            cap=settings.anomaly_cap,
            tireless_s=settings.anomaly_tireless_s,
            windows=settings.anomaly_windows,
        )

    def judge(self) -> int:
        """Judges the windows that are full, and sees to it that all who are flagged are capped.

        Returns how many windows. A window that is lost with its worker costs nothing: a robot makes another one.
        """
        windows = self.hot.take(TAKEN_AT_ONCE)
        self.ledger.deciding(lambda: self._judge(windows))
        return len(windows)

    def flag(self, player: int, by: Actor) -> None:
        """Counts fewer taps of the player, until `unflag`. What does not fit is deferred."""
        self._decide(player, State.FLAGGED, self.settings.flagged_tap_rate)
        self.audit.record(Action.PLAYER_FLAGGED, by, player_resource(player))

    def unflag(self, player: int, by: Actor) -> None:
        """Counts the player's taps as everybody's; from now on only an operator can flag them."""
        self._decide(player, State.TRUSTED, None)
        self.audit.record(Action.PLAYER_UNFLAGGED, by, player_resource(player))

    def top(self, state: State | None = None, most: int = SHOWN) -> list[dict[str, Any]]:
        """The most suspicious players: player, state, score, suspicious, signs, speed, variation, since, changed_at."""
        return [_shown(row) for row in self.ledger.top(state, most)]

    def suspects(self, most: int = SHOWN) -> list[dict[str, Any]]:
        """Whom an operator should look at, as `top` gives them: flagged, or watched and suspicious of late."""
        rows = self.top(State.FLAGGED, most) + [row for row in self.top(State.WATCHED, most) if row["score"]]
        return sorted(rows, key=lambda row: -row["score"])[:most]

    def of_player(self, player: int) -> dict[str, Any] | None:
        """What is known of one player, as `top` gives it; None if nothing is."""
        row = self.ledger.of_player(player)
        return _shown(row) if row else None

    def rate(self, state: State | str) -> int:
        """Taps per second that are counted of a player in this state."""
        return self.settings.flagged_tap_rate if state == State.FLAGGED else self.settings.tap_rate

    def held(self, player: int) -> dict[str, Any]:
        """What is kept of the player, for the export."""
        shown = self.of_player(player)
        if shown is None:
            return {"anomaly": None}
        return {
            "anomaly": {name: v.isoformat() if isinstance(v, datetime) else v for name, v in shown.items()}
        }

    def forget(self, player: int) -> None:
        """Deletes what is kept of the player in Postgres, in the present transaction."""
        self.ledger.forget(player)

    def _judge(self, windows: dict[int, Window]) -> None:
        now = utc(to_ms(self.clock()))
        players = self.ledger.known(list(windows))
        before = self.ledger.rows(list(players))
        found = {player: signs(windows[player], self.limits) for player in players}
        changed = [
            self._next(before.get(player), player, windows[player], told, now)
            for player, told in found.items()
            if told or player in before
        ]
        if changed:
            self.ledger.save(changed)
        self.ledger.remove_settled(now - timedelta(days=KEPT_DAYS))
        self.hot.cap(self.ledger.flagged(), self.settings.flagged_tap_rate)

    def _next(
        self, row: AnomalyRow | None, player: int, window: Window, told: tuple[Sign, ...], now: datetime
    ) -> AnomalyRow:
        row = row or _new(player, now)
        row.score = score(row.score, bool(told))
        if told:
            row.suspicious += 1
            row.signs = " ".join(told)
            row.speed, row.variation = round(window.speed, 2), round(window.variation, 3)
        state = decided(State(row.state), row.score, self.limits)
        if state != row.state:
            row.state, row.changed_at = state, now
            self.audit.record(Action.PLAYER_FLAGGED, SYSTEM, player_resource(player), signs=row.signs)
        elif told and state == State.WATCHED:
            row.changed_at = now
        return row

    def _decide(self, player: int, state: State, rate: int | None) -> None:
        def work() -> None:
            now = utc(to_ms(self.clock()))
            row = self.ledger.rows([player]).get(player) or _new(player, now)
            row.state, row.changed_at, row.score = state, now, 0
            self.ledger.save([row])
            self.hot.cap([player], rate)

        self.ledger.deciding(work)


def _new(player: int, now: datetime) -> AnomalyRow:
    return AnomalyRow(
        player_id=player,
        state=State.WATCHED,
        score=0,
        suspicious=0,
        signs="",
        speed=0.0,
        variation=0.0,
        since=now,
        changed_at=now,
    )


def _shown(row: AnomalyRow) -> dict[str, Any]:
    names = ("state", "score", "suspicious", "signs", "speed", "variation", "since", "changed_at")
    return {"player": row.player_id, **{name: getattr(row, name) for name in names}}
