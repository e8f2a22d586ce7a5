"""A random walk: several people do anything in any order, and always get an answer and see a way forward.

2,000 steps here; `make walk` takes 50,000 (WALK_STEPS).
"""

import os
from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from clicker.bot.documents import COMMANDS
from clicker.bot.names import SceneName, ScreenName
from clicker.clock import to_ms
from clicker.settings import Settings
from clicker.stores.keys import Keys
from sandbox.state import Json
from sandbox.users.launch import launch
from tests.bot.walk import Street, buttons
from tests.conftest import empty

STEPS = int(os.environ.get("WALK_STEPS") or 2000)
STORY = 100
"""Steps of one story; each has people of its own."""
PEOPLE = 3
TEXTS = st.one_of(
    st.sampled_from(
        ["alice", "a", "@bob_77", "😀", "Ы" * 33, "1abc", "admin", "<b>", "&", "/", "//", "hi there"]
    ),
    st.sampled_from([f"/{name}" for name in COMMANDS]),
    st.sampled_from(
        ["/start ref_1", "/name carol_9", "/name x", "/START", "/top@clicker_sandbox_bot", "/nothing"]
    ),
    st.text(min_size=1, max_size=40).filter(lambda text: text.strip() and text.isprintable()),
)
STALE = st.one_of(
    st.sampled_from(
        ["surprise", "idea", "keep", "forget", "resume", "use:dave_12", "use:x", "show:gone:0", "junk"]
    ),
    st.sampled_from([f"show:{screen}:{again}" for screen in ScreenName for again in (0, 1)]),
    st.sampled_from([f"go:{scene}" for scene in SceneName]),
)


def asks(message: Json) -> bool:
    return bool(message.get("reply_markup", {}).get("force_reply"))


_ids = count(900_001)


class Walk(RuleBasedStateMachine):
    street: Street

    @initialize()
    def arrive(self) -> None:
        self.people = [next(_ids) for _ in range(PEOPLE)]
        self.looked_at: dict[int, int] = {}

    def _act(self, who: int) -> int:
        user = self.people[who]
        self.before = self.street.parts.state.last_message_id
        return user

    def _expect_words(self, user: int) -> None:
        news = [m for m in self.street.messages(user) if m["message_id"] > self.before]
        assert news, "silence"
        assert len(news) <= 2, "a flood"
        self.looked_at[user] = news[0]["message_id"]

    @rule(who=st.integers(0, PEOPLE - 1), text=TEXTS, again=st.booleans())
    def says(self, who: int, text: str, again: bool) -> None:
        user = self._act(who)
        self.street.write(user, text=text)
        self.street.settle(again)
        self._expect_words(user)

    @rule(who=st.integers(0, PEOPLE - 1))
    def sends_a_sticker(self, who: int) -> None:
        user = self._act(who)
        self.street.write(user, sticker=True)
        self.street.settle()
        self._expect_words(user)

    @rule(
        who=st.integers(0, PEOPLE - 1),
        which=st.integers(0, 30),
        button=st.integers(0, 9),
        again=st.booleans(),
    )
    def presses_a_button_that_is_there(self, who: int, which: int, button: int, again: bool) -> None:
        found = [
            (m["message_id"], b["callback_data"])
            for m in self.street.messages(self.people[who])[-3:]
            for b in buttons(m)
            if "callback_data" in b
        ]
        if found:
            self._press(self._act(who), *found[(which + button) % len(found)], again)

    @rule(who=st.integers(0, PEOPLE - 1), which=st.integers(0, 9), data=STALE, again=st.booleans())
    def presses_a_stale_button(self, who: int, which: int, data: str, again: bool) -> None:
        # A message that asks for a reply never had a button.
        messages = [m for m in self.street.messages(self.people[who]) if not asks(m)]
        if messages:
            self._press(self._act(who), messages[-1 - which % len(messages)]["message_id"], data, again)

    def _press(self, user: int, message_id: int, data: str, again: bool) -> None:
        kept = self.street.parts.state.chat(user).messages
        had_buttons = buttons(kept[message_id])
        query = self.street.press(user, message_id, data)
        self.street.settle(again)
        assert self.street.pressed(user, query)["answered"], f"{data} turns for ever"
        if had_buttons or buttons(
            kept[message_id]
        ):  # or else the press is the second one of a double tap: the eye is elsewhere by now
            self.looked_at[user] = message_id

    @rule(who=st.integers(0, PEOPLE - 1), taps=st.sampled_from([1, 99, 500]))
    def plays(self, who: int, taps: int) -> None:
        services, user = self.street.services, self.people[who]
        player = services.players.get(user)
        if player and player.username:
            opened = services.sessions.open(launch(self.street.parts, user)["init_data"])
            services.taps.tap(services.sessions.claims(opened.token), taps, 1)

    @rule(who=st.integers(0, PEOPLE - 1))
    def goes_idle(self, who: int) -> None:
        services, user = self.street.services, self.people[who]
        keys = services.sessions.hot.keys
        k = keys.shard(user)
        for session in services.sessions.of_player(user):
            services.redis.zadd(keys.seen(k), {session["id"]: to_ms(services.clock() - 120)}, xx=True)
        services.sessions.reap()

    @rule()
    def time_passes(self) -> None:
        """Every live message has its turn."""
        redis = self.street.services.redis
        for chat in redis.zrange(Keys.LIVE_DUE, 0, -1):
            redis.zadd(Keys.LIVE_DUE, {chat: 0})
        self.street.renew()

    @rule(who=st.integers(0, PEOPLE - 1), language=st.sampled_from(["en", "ru", "de"]))
    def changes_language(self, who: int, language: str) -> None:
        self.street.parts.state.user(self.people[who]).language_code = language

    @invariant()
    def everybody_sees_a_way_forward(self) -> None:
        """Under what they looked at last (the message they pressed, or the answer they got), or below it."""
        for user, message_id in getattr(self, "looked_at", {}).items():
            messages = [m for m in self.street.messages(user) if m["message_id"] >= message_id]
            assert any(buttons(m) for m in messages), [
                (m["message_id"], m["text"][:40], m.get("reply_markup")) for m in messages
            ]


@pytest.fixture(scope="module")
def street(alone: Settings) -> Iterator[Street]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SANDBOX_LIMITS", "off")
        built = Street(alone)
        empty(built.services)
        yield built
        built.close()


@pytest.mark.timeout(3600)
def test_whatever_people_do_they_get_an_answer_and_see_a_way_forward(
    street: Street, caplog: pytest.LogCaptureFixture
) -> None:
    Walk.street = street
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=max(1, STEPS // STORY),
            stateful_step_count=STORY,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert not [record for record in caplog.records if record.levelname == "ERROR"], caplog.text[-2000:]
