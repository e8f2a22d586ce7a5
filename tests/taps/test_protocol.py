"""The batch protocol under everything a network and a phone can do to it, at random: a stateful property test."""

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from clicker.web.app import create_app
from tests.conftest import FakeClock, empty, wipe
from tests.player import Device


class Phone:
    """A client that follows the protocol: a counter, one batch in flight, everything else is the network's doing."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.waiting = 0
        self.batch: tuple[int, int] | None = None
        self.sent: list[tuple[int, int]] = []
        self.counted = 0

    def pack(self) -> None:
        if self.batch is None and self.waiting:
            delta = min(self.waiting, 1000)
            self.waiting -= delta
            self.batch = (self.device.sequence + 1, delta)
            self.device.sequence += 1

    def send(self) -> object:
        assert self.batch
        sequence, delta = self.batch
        self.sent.append(self.batch)
        return self.device.post("/click", {"delta": delta, "sequence": sequence})

    def hear(self, answer: object) -> None:
        if answer.status_code == 200:
            assert answer.json["accepted"] + answer.json["deferred"] == self.batch[1]
            self.counted += answer.json["accepted"]
            self.waiting += answer.json["deferred"]
            self.batch = None
        else:
            assert answer.json["error"]["code"] == "session_paused"

    def resume(self) -> None:
        answer = self.device.post("/session/resume")
        assert answer.status_code == 201
        self.device.token = answer.json["token"]
        if self.batch and self.batch[0] <= answer.json["acknowledgedSequence"]:
            assert self.batch[0] == answer.json["acknowledgedSequence"]
            self.waiting += answer.json["acknowledgedDeferred"]
            self.counted += self.batch[1] - answer.json["acknowledgedDeferred"]
            self.batch = None


class Protocol(RuleBasedStateMachine):
    """Two phones of one player and one of another: duplicates, reorderings, retries, pauses, flushes, wipes."""

    services = None
    phones = Bundle("phones")

    @initialize(target=phones)
    def begin(self):
        self.clock = self.services.clock
        self.clock.now = FakeClock().now
        empty(self.services)
        self.app = create_app(self.services)
        self.made = {1: 0, 2: 0}
        self.all = []
        return self.phone(1)

    def phone(self, player):
        device = Device(self.app.test_client(), self.clock, player).opened()
        phone = Phone(device.named(f"player{player}"))
        self.all.append(phone)
        return phone

    @rule(target=phones, player=st.sampled_from([1, 2]))
    def open_another(self, player):
        return self.phone(player)

    @rule(phone=phones, taps=st.sampled_from([1, 3, 50, 900]))
    def tap(self, phone, taps):
        phone.waiting += taps
        self.made[phone.device.player] += taps

    @rule(phone=phones)
    def send_and_hear(self, phone):
        phone.pack()
        if phone.batch:
            phone.hear(phone.send())

    @rule(phone=phones)
    def send_and_lose_the_answer(self, phone):
        phone.pack()
        if phone.batch:
            phone.send()

    @rule(phone=phones, data=st.data(), copies=st.integers(1, 3))
    def an_old_copy_arrives_late(self, phone, data, copies):
        if phone.sent:
            sequence, delta = data.draw(st.sampled_from(phone.sent))
            for _ in range(copies):
                answer = phone.device.post("/click", {"delta": delta, "sequence": sequence})
                assert answer.status_code in (200, 409)
                if answer.status_code == 200 and "X-Idempotent-Replay" not in answer.headers:
                    assert phone.batch == (sequence, delta), "only the batch in flight may still be counted"

    @rule(seconds=st.sampled_from([1, 30, 61, 600]))
    def time_passes(self, seconds):
        self.clock.move(seconds)

    @rule()
    def the_reaper_runs(self):
        self.services.sessions.reap()

    @rule(phone=phones)
    def resume(self, phone):
        phone.resume()

    @rule()
    def the_flush_runs(self):
        self.services.taps.flush()

    @rule()
    def the_hot_store_is_wiped_after_a_flush(self):
        self.services.taps.flush()
        wipe(self.services)
        self.services.taps.rebuild()

    @invariant()
    def nothing_is_counted_that_was_not_tapped(self):
        for player, made in getattr(self, "made", {}).items():
            assert self.counted(player) <= made

    def counted(self, player):
        found = self.services.players.get(player)
        return found.clicks if found else 0

    def teardown(self):
        """In the end everything that was tapped is sent; then everyone has exactly what they tapped."""
        for phone in getattr(self, "all", []):
            while phone.waiting or phone.batch:
                self.clock.move(40)
                phone.resume()
                phone.pack()
                if phone.batch:
                    phone.hear(phone.send())
        for player, made in getattr(self, "made", {}).items():
            assert self.counted(player) == made
            mine = [phone.counted for phone in self.all if phone.device.player == player]
            assert sum(mine) == made, "acknowledged = tapped"
        if hasattr(self, "made"):
            self.services.taps.flush()
            assert self.services.taps.verify().agree


def test_exactly_the_taps_that_were_made_are_counted(services):
    assert isinstance(services.clock, FakeClock)
    services.limits.items.clear()  # hundreds of minutes go by in one
    Protocol.services = services
    Protocol.TestCase.settings = hypothesis_settings(
        max_examples=40, stateful_step_count=40, deadline=None, derandomize=True
    )
    Protocol.TestCase("runTest").runTest()
