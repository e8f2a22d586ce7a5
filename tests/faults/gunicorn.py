"""How the web process runs while things are broken on purpose: as always, with less patience for a frozen Postgres."""

from clicker.web import gunicorn
from clicker.web.gunicorn import *  # noqa: F403

gunicorn.POSTGRES_SILENCE_S = 1
