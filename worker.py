"""The worker process: runs the jobs, and the clock that enqueues them."""

from clicker import logs, settings
from clicker.jobs.worker import run

if __name__ == "__main__":
    loaded = settings.load()
    logs.setup(loaded)
    run(loaded)
