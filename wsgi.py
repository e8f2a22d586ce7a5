"""The web process: `gunicorn -c clicker/web/gunicorn.py wsgi:app`. Also the app of the `flask` commands."""

from clicker import settings, wiring
from clicker.cli import register
from clicker.web.app import create_app

app = create_app(wiring.build(settings.load()))
register(app)
