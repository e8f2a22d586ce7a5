"""The pace in force: known without I/O, decided once a second."""

from clicker.clock import Clock
from clicker.pace.rules import CALM, LEVELS, STALE_S, Pace, Sample, step, together
from clicker.pace.store import PaceStore, Published


class PaceService:
    """Use cases of the room. `current` never does I/O: a tap asks it."""

    def __init__(self, store: PaceStore, clock: Clock) -> None:
        self.store, self.clock = store, clock
        self.published: Published | None = None
        self._pace = CALM

    def current(self) -> Pace:
        """The pace that this process knows of."""
        return self._pace

    def sample(self, process: str, sample: Sample) -> Published:
        """Leaves a web process's sample, decides the level from everyone's, and publishes it."""
        samples, published = self.store.exchange(process, sample)
        state = step(published.state, together(samples, sample.at))
        if state != published.state:
            self.store.publish(state)
        return self._follow(Published(state, published.held))

    def follow(self) -> Published:
        """Takes over what was published; for processes that do not sample."""
        return self._follow(self.store.published())

    def hold(self, level: str) -> None:
        """Holds a level until `release`. Raises KeyError for an unknown one."""
        self.store.hold(LEVELS[level].level)
        self.follow()

    def release(self) -> None:
        """Lets the level follow the load again."""
        self.store.hold("")
        self.follow()

    def sweep(self) -> dict[str, Sample]:
        """Samples of the processes that are there; those of the others are removed."""
        samples, now = self.store.samples(), self.clock()
        gone = [process for process, sample in samples.items() if now - sample.at > 10 * STALE_S]
        self.store.forget(gone)
        return {process: sample for process, sample in samples.items() if process not in gone}

    def _follow(self, published: Published) -> Published:
        self.published, self._pace = published, LEVELS[published.level]
        return published
