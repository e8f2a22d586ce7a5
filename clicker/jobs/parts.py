"""The services, for jobs: built once in a worker process, from its environment."""

from functools import lru_cache

from clicker import settings, wiring
from clicker.wiring import Services


@lru_cache
def services() -> Services:
    return wiring.build(settings.load())
