"""Letting the operator in and out, and showing how the whole service is."""

from dataclasses import dataclass, replace
from hashlib import sha256
from hmac import compare_digest
from typing import Any

from clicker.admin import errors
from clicker.admin.kept import Kept
from clicker.admin.logins import Login, Logins
from clicker.admin.probe import Probe
from clicker.admin.rules import Mishaps, TooManyTries, WrongPassword, grouped
from clicker.admin.store import ERRORS_KEPT, AdminStore, Health, ask_ledger
from clicker.admin.tiles import AWAY, KEPT, Moment
from clicker.anomalies.service import AnomaliesService
from clicker.audit.rules import Role, Wanted
from clicker.audit.service import AuditService
from clicker.clock import Clock
from clicker.metrics.service import MetricsService
from clicker.pace.rules import ORDER, State
from clicker.pace.service import PaceService
from clicker.pace.store import Published
from clicker.settings import Settings
from clicker.stores.redis import Error as StoreError

ERRORS_SHOWN = 6
ACTS_SHOWN = 6
SUSPECTS_SHOWN = 6
_NO_HEALTH = Health(0, 0.0, 0)
_STORE_AWAY = Health(0, AWAY, 0)


@dataclass(frozen=True)
class Overview:
    """How the service is. `moments`: the oldest first, at least one. `away`: the hot store does not answer; moments and
    errors are then those that this process saw last, and what it feels itself."""

    pace: Published
    moments: list[Moment]
    errors: list[Mishaps]
    away: bool


@dataclass(frozen=True)
class Recent:
    """What of Postgres is on the first page: what operators did last, the newest first, as `AuditService.search` gives
    it, and the players to look at, as `AnomaliesService.suspects` gives them."""

    acts: list[dict[str, Any]]
    suspects: list[dict[str, Any]]


class AdminService:
    """Use cases of the room."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        store: AdminStore,
        pace: PaceService,
        metrics: MetricsService,
        audit: AuditService,
        anomalies: AnomaliesService,
    ) -> None:
        self.settings, self.clock, self.store = settings, clock, store
        self.pace, self.metrics = pace, metrics
        operators = Wanted(role=Role.OPERATOR)
        self.recent: Kept[Recent] = Kept(
            lambda: Recent(
                audit.search(operators, most=ACTS_SHOWN).entries, anomalies.suspects(SUSPECTS_SHOWN)
            ),
            Recent([], []),
            clock,
        )
        self.probe = Probe(ask_ledger)
        self._seen: Overview | None = None
        self._password = sha256(settings.admin_password.encode()).digest()
        self.logins = Logins(settings.secret_key, settings.admin_password)

    def visit(self) -> Login:
        """Somebody who has not said the password yet."""
        return self.logins.new(self.clock(), entered=False)

    def enter(self, password: str, address: str) -> Login:
        """A login, if the password is right. A try counts before it is looked at, so that many at once count too.

        Raises TooManyTries, WrongPassword, and what the hot store raises: without it nobody gets in.
        """
        tried = self.store.tried(address)
        if tried.too_often:
            raise TooManyTries(retry_after=tried.wait_s)
        if not compare_digest(sha256(password.encode()).digest(), self._password):
            raise WrongPassword
        self.store.forgive(address)
        return self.logins.new(self.clock(), entered=True)

    def read(self, cookie: str) -> Login | None:
        """Whose cookie this is, without I/O; None if it is nobody's."""
        return self.logins.read(cookie, self.clock())

    def ended(self, login: Login) -> bool:
        """True after `leave`. Raises what the hot store raises."""
        return self.store.ended(login.id)

    def leave(self, login: Login) -> None:
        """Ends a login for good. Raises what the hot store raises."""
        self.store.end(login.id)

    def note(self) -> bool:
        """Leaves a moment, if it is this process's turn. Returns whether it was. Raises what the hot store raises."""
        if not self.store.takes_turn():
            return False
        self.store.leave(self._moment(self.store.health()))
        return True

    def keep_errors(self, part: str) -> None:
        """From now on what this process logs as an error is kept for the operator's page; `part` is its name."""
        errors.keep(self.settings, part, self.store.keep_errors)

    def overview(self) -> Overview:
        """How the service is, the same whichever web process is asked; without the hot store, as this one sees it."""
        try:
            moments, errors = self.store.moments(), grouped(self.store.errors(ERRORS_KEPT), ERRORS_SHOWN)
            self._seen = Overview(
                self.pace.follow(), moments or [self._moment(_NO_HEALTH)], errors, away=False
            )
            return self._seen
        except StoreError:
            seen = self._seen or Overview(self.pace.published or Published(State(), ""), [], [], away=True)
            felt = self._moment(_STORE_AWAY)
            if seen.moments:  # what only the hot store tells is not 0 now: it is what it was
                felt = replace(seen.moments[-1], at=felt.at, store_s=AWAY, ledger_s=felt.ledger_s)
            return Overview(seen.pace, [*seen.moments[1 - KEPT :], felt], seen.errors, away=True)

    def _moment(self, health: Health) -> Moment:
        total = self.metrics.figures().total
        return Moment(
            at=self.clock(),
            taps=total("clicker_taps_accepted_total"),
            refused=total("clicker_outbox_messages_total", "refused"),
            sessions=total("clicker_sessions_active"),
            sockets=total("clicker_sockets_open"),
            lag_s=total("clicker_flush_lag_seconds"),
            dirty=total("clicker_sessions_dirty"),
            jobs=total("clicker_jobs_waiting"),
            failed=total("clicker_jobs_failed"),
            messages=total("clicker_outbox_waiting"),
            wait_s=total("clicker_outbox_longest_wait_seconds"),
            store_s=AWAY
            if health == _STORE_AWAY
            else max(total("clicker_store_latency_seconds"), health.seconds),
            ledger_s=round(self.probe.seconds, 4),
            level=ORDER.index(self.pace.current().level),
            loop_s=total("clicker_event_loop_delay_seconds"),
            in_flight=total("clicker_requests_in_flight"),
            web=total("clicker_processes", "web"),
            memory=health.memory,
            aof=health.aof,
        )
