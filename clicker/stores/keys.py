"""Every key of the hot store, in one place.

Each key that one tap touches bears the hash tag `{k}` of the player's shard, so that the tap script stays in one
slot of a Redis Cluster. Times in the store are Unix milliseconds.

| key | type | holds | lives |
|---|---|---|---|
| `{k}:ready` | string | set when the shard has been rebuilt from Postgres | for ever |
| `{k}:player:<id>` | hash | clicks, username, first_name, language, bucket, bucket_at, beat, cap | for ever |
| `{k}:sessions:<id>` | zset | the player's session ids by opening time | SESSION_KEPT_S |
| `{k}:session:<sid>` | hash | player, state, sequence, answer… | SESSION_KEPT_S after the last sign of life |
| `{k}:beats` | hash | by player id: a full window of the beat (`anomalies`) | until judged |
| `{k}:board` | zset | player id by clicks | for ever |
| `{k}:total` | string | sum of clicks of the shard | for ever |
| `{k}:forgotten` | string | the part of the total that belonged to deleted players | for ever |
| `{k}:forgetting` | hash | `<player> <clicks>` by deletions that Postgres may not have yet | seconds |
| `{k}:dirty` | set | ids of sessions that Postgres has not seen in their present form | until flushed |
| `{k}:claimed` | set | the same of those that are being flushed | until they are |
| `{k}:claim` | string | the name of the claim that took them up | until they are |
| `{k}:seen` | zset | active session ids by last sign of life | until paused |
| `{k}:blocked` | zset | blocked players by clicks; they are not on the board | until unblocked |
| `{k}:paused` | zset | paused session ids by the time of the pause | until resumed or closed |
| `ticket:<id>` | string | the bearer's language, one use | TICKET_KEPT_S |
| `alive:<process>` | string | a heartbeat of bot and worker | ALIVE_KEPT_S |
| `{pace}` | string | the decided state of the pace, JSON | for ever |
| `{pace}:held` | string | the level that an operator holds | until released |
| `{pace}:samples` | hash | the newest sample of each web process, JSON | swept |
| `limits:{<limit>}` | string | calls of a caller in the present window; `/-1`: in the last | two windows |
| `{outbox}:bucket:<name>` | string | when the bot's, a chat's or its edits' bucket is full again | until it is |
| `{outbox}:bot` | string | the bot's username, for invite links | for ever |
| `{outbox}:pause` | string | until when Telegram wants no calls | until then |
| `{outbox}:answers` | hash | how many answers a second there were of late | for ever |
| `{outbox}:answers:wait` | string | other messages stand back for answers until then | moments |
| `{outbox}:processes` | hash | what waits in each bot process, JSON | OUTBOX_KEPT_S |
| `{outbox}:counters` | hash | what was sent, edited, collapsed, refused … since ever | for ever |
| `{outbox}:gone` | set | chats that take nothing from us | until they speak |
| `{live}:row:<chat>` | hash | a live message: message, digest, shown, phase, clicks, carried | LIVE_KEPT_S |
| `{live}:due` | zset | chats with a live message by its next turn | until it stops |
| `{live}:seen` | zset | the same by what their player did last | until it stops |
| `{live}:asked` | zset | chats to be renewed ahead of their turn, from when on | seconds |
| `{live}:claimed` | zset | chats that are being renewed, and until when nobody else does | seconds |
| `{live}:resting` | zset | `chat:message` that was live and has to say that it stands still | until it does |
| `flushed` | string | when the last complete flush began | for ever |
| `{k}:traces` | hash | sequence and trace of a recorded tap, by session | until flushed, TRACES_KEPT_S |
| `{metrics}:counters` | hash | what all processes have counted, by series | for ever |
| `{metrics}:processes` | hash | what each process told last: number, gauges | swept |
| `{admin}:tries` `…:<address>` | string | passwords tried of late, by everybody and from one address | TRIES_WINDOW_S |
| `{admin}:ended:<login>` | string | set when an operator has logged out | LOGIN_S |
| `{admin}:turn` | string | set when a web process has just left a moment | EVERY_S |
| `{admin}:moments` | list | what the service felt in the last minutes, JSON, the newest first | ADMIN_KEPT_S |
| `{admin}:errors` | list | the last errors of all processes, JSON, the newest first | for ever |
| `{audit}` | stream | acts that are not in Postgres yet, JSON | until moved |
| `fsm:*` | | the bot's conversations (aiogram's own naming) | for ever |
"""

from zlib import crc32

SESSION_KEPT_S = 30 * 24 * 3600
"""How long a session's last acknowledged sequence is remembered in the hot store, in seconds (contract)."""
TICKET_KEPT_S = 30
"""How long a ticket for the live socket may be used, in seconds (contract)."""
ALIVE_KEPT_S = 30
OUTBOX_KEPT_S = 3600
TRACES_KEPT_S = 3600
LIVE_KEPT_S = 7 * 24 * 3600
ADMIN_KEPT_S = 600


class Keys:
    """Names the keys for a number of shards; holds no connection."""

    def __init__(self, shards: int) -> None:
        self.shards = shards

    def shard(self, player: int) -> int:
        """The shard of a player: crc32 of the decimal id, modulo the number of shards."""
        return crc32(str(player).encode()) % self.shards

    def all_shards(self) -> range:
        return range(self.shards)

    @staticmethod
    def ready(k: int) -> str:
        return f"{{{k}}}:ready"

    @staticmethod
    def player(k: int, player: int) -> str:
        return f"{{{k}}}:player:{player}"

    @staticmethod
    def player_prefix(k: int) -> str:
        return f"{{{k}}}:player:"

    @staticmethod
    def sessions(k: int, player: int) -> str:
        return f"{{{k}}}:sessions:{player}"

    @staticmethod
    def sessions_prefix(k: int) -> str:
        return f"{{{k}}}:sessions:"

    @staticmethod
    def session(k: int, session: str) -> str:
        return f"{{{k}}}:session:{session}"

    @staticmethod
    def beats(k: int) -> str:
        return f"{{{k}}}:beats"

    @staticmethod
    def board(k: int) -> str:
        return f"{{{k}}}:board"

    @staticmethod
    def total(k: int) -> str:
        return f"{{{k}}}:total"

    @staticmethod
    def forgotten(k: int) -> str:
        return f"{{{k}}}:forgotten"

    @staticmethod
    def forgetting(k: int) -> str:
        return f"{{{k}}}:forgetting"

    @staticmethod
    def dirty(k: int) -> str:
        return f"{{{k}}}:dirty"

    @staticmethod
    def claimed(k: int) -> str:
        return f"{{{k}}}:claimed"

    @staticmethod
    def claim(k: int) -> str:
        return f"{{{k}}}:claim"

    @staticmethod
    def traces(k: int) -> str:
        return f"{{{k}}}:traces"

    @staticmethod
    def seen(k: int) -> str:
        return f"{{{k}}}:seen"

    @staticmethod
    def blocked(k: int) -> str:
        return f"{{{k}}}:blocked"

    @staticmethod
    def paused(k: int) -> str:
        return f"{{{k}}}:paused"

    @staticmethod
    def ticket(ticket: str) -> str:
        return f"ticket:{ticket}"

    @staticmethod
    def alive(process: str) -> str:
        return f"alive:{process}"

    LIMITS = "limits"
    """Before each key of the `limits` library, which tags a caller's two windows alike."""

    PACE = "{pace}"
    PACE_HELD = "{pace}:held"
    PACE_SAMPLES = "{pace}:samples"

    FLUSHED = "flushed"

    AUDIT = "{audit}"

    METRICS = "{metrics}:counters"
    METRICS_PROCESSES = "{metrics}:processes"

    OUTBOX_BOT = "{outbox}:bot"
    OUTBOX_PAUSE = "{outbox}:pause"
    OUTBOX_ANSWERS = "{outbox}:answers"
    OUTBOX_ANSWERS_WAIT = "{outbox}:answers:wait"
    OUTBOX_PROCESSES = "{outbox}:processes"
    OUTBOX_COUNTERS = "{outbox}:counters"
    OUTBOX_GONE = "{outbox}:gone"

    @staticmethod
    def outbox_bucket(name: str) -> str:
        return f"{{outbox}}:bucket:{name}"

    @staticmethod
    def conversation(bot: str, player: int, topic: str, part: str) -> str:
        """As aiogram names it (`DefaultKeyBuilder`) in a private chat, whose id is the player's."""
        return f"fsm:{bot}:{player}:{player}:{topic}:{part}"

    LIVE_DUE = "{live}:due"
    LIVE_SEEN = "{live}:seen"
    LIVE_ASKED = "{live}:asked"
    LIVE_CLAIMED = "{live}:claimed"
    LIVE_RESTING = "{live}:resting"

    @staticmethod
    def live_row(chat: int) -> str:
        return f"{{live}}:row:{chat}"

    ADMIN_TRIES = "{admin}:tries"
    ADMIN_TURN = "{admin}:turn"
    ADMIN_MOMENTS = "{admin}:moments"
    ADMIN_ERRORS = "{admin}:errors"

    @staticmethod
    def admin_tries(address: str) -> str:
        return f"{{admin}}:tries:{address}"

    @staticmethod
    def admin_ended(login: str) -> str:
        return f"{{admin}}:ended:{login}"
