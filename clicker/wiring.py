"""The parts list: everything the processes are made of, put together in one place. No I/O happens here."""

from dataclasses import dataclass, replace
from random import SystemRandom
from typing import Any

from redis import Redis

from clicker import clock as clocks
from clicker.admin.service import AdminService
from clicker.admin.store import AdminStore
from clicker.anomalies.service import AnomaliesService
from clicker.anomalies.store import HotAnomalies, LedgerAnomalies
from clicker.audit.service import AuditService
from clicker.audit.store import HotAudit, LedgerAudit
from clicker.clock import Clock
from clicker.leaderboard.ledger import LedgerBoards
from clicker.leaderboard.service import LeaderboardService
from clicker.leaderboard.store import BoardStore
from clicker.limits.service import LimitsService
from clicker.limits.store import HotLimits
from clicker.live.service import LiveService
from clicker.live.store import LiveStore
from clicker.metrics.ledger import LedgerFigures
from clicker.metrics.service import MetricsService
from clicker.metrics.sources import Rooms
from clicker.metrics.store import MetricsStore
from clicker.outbox.service import OutboxService
from clicker.outbox.store import OutboxStore
from clicker.pace.service import PaceService
from clicker.pace.store import PaceStore
from clicker.players.service import Keeper, PlayersService
from clicker.players.store import Conversations, HotPlayers, LedgerPlayers
from clicker.sessions.service import SessionsService
from clicker.sessions.store import HotSessions, LedgerSessions
from clicker.settings import Settings
from clicker.stores import postgres, redis
from clicker.stores.embedded import running_urls
from clicker.stores.keys import Keys
from clicker.taps.history import LedgerHistory
from clicker.taps.ledger import LedgerTaps
from clicker.taps.service import TapsService
from clicker.taps.store import HotTaps


@dataclass(frozen=True)
class Services:
    """What every process is handed: the settings, the clock, the stores, and one service a room."""

    settings: Settings
    clock: Clock
    redis: Redis
    postgres: Any
    audit: AuditService
    anomalies: AnomaliesService
    pace: PaceService
    outbox: OutboxService
    live: LiveService
    players: PlayersService
    leaderboard: LeaderboardService
    sessions: SessionsService
    taps: TapsService
    metrics: MetricsService
    limits: LimitsService
    admin: AdminService


def located(settings: Settings) -> Settings:
    """The settings with the addresses of embedded stores that run in DATA_DIR, where no URL was given."""
    if settings.production or (settings.database_url and settings.redis_url):
        return settings
    urls = running_urls(settings.data_dir)
    redis_url = settings.redis_url or urls.get("redis_url", "")
    return replace(
        settings,
        database_url=settings.database_url or urls.get("database_url", ""),
        redis_url=redis_url,
        rq_redis_url=settings.rq_redis_url or redis_url,
    )


def build(settings: Settings, clock: Clock = clocks.system) -> Services:
    """Puts the parts together. Nothing connects until it is used."""
    settings = located(settings)
    hot = redis.connect(settings.redis_url or "redis://127.0.0.1:1")
    ledger = postgres.connect(settings.database_url)
    keys = Keys(settings.shards)
    audit = AuditService(settings, HotAudit(hot), LedgerAudit(), clock)
    anomalies = AnomaliesService(settings, HotAnomalies(hot, keys), LedgerAnomalies(), audit, clock)
    pace = PaceService(PaceStore(hot), clock)
    outbox = OutboxService(OutboxStore(hot), clock)
    live = LiveService(LiveStore(hot), outbox, pace, clock)
    history, boards = LedgerHistory(), LedgerBoards()
    talks = Conversations(_conversations(settings, hot), settings.bot_token)
    keepers: list[Keeper] = [history, boards, anomalies, live, outbox, talks]
    players = PlayersService(HotPlayers(hot, keys), LedgerPlayers(), SystemRandom(), clock, audit, keepers)
    leaderboard = LeaderboardService(BoardStore(hot, keys), boards, pace, clock)
    sessions = SessionsService(
        settings,
        clock,
        HotSessions(hot, keys, clock),
        LedgerSessions(),
        leaderboard,
        audit,
        pace,
        live.paused,
    )
    taps = TapsService(
        settings, clock, HotTaps(hot, keys), LedgerTaps(), history, pace, leaderboard, sessions
    )
    metrics = MetricsService(MetricsStore(hot), LedgerFigures(), clock, Rooms(pace, outbox, sessions, taps))
    limits = LimitsService(settings, HotLimits(hot), pace)
    return Services(
        settings,
        clock,
        hot,
        ledger,
        audit,
        anomalies,
        pace,
        outbox,
        live,
        players,
        leaderboard,
        sessions,
        taps,
        metrics,
        limits,
        AdminService(settings, clock, AdminStore(hot), pace, metrics, audit, anomalies),
    )


def _conversations(settings: Settings, hot: Redis) -> Redis:
    """Where the bot keeps its conversations: with a cluster for the game, where the jobs are."""
    return redis.connect(settings.rq_redis_url) if redis.is_cluster(settings.redis_url) else hot
