"""Builds the Flask app out of the rooms' blueprints and the parts of this folder. No I/O happens here."""

from functools import partial
from pathlib import Path

from flask import Flask
from jinja2 import pass_context

from clicker import i18n
from clicker.errors import ClickerError
from clicker.leaderboard.routes import blueprint as leaderboard
from clicker.metrics.routes import blueprint as metrics
from clicker.players.routes import blueprint as players
from clicker.players.service import PlayersService
from clicker.sessions.routes import blueprint as sessions
from clicker.taps.routes import blueprint as taps
from clicker.web import asking, assets, failures, health, limits, live, openapi, page
from clicker.web.admin import routes as admin
from clicker.web.calls import SMALL
from clicker.web.cors import Cors
from clicker.web.edge import Edge
from clicker.web.pulse import Pulse
from clicker.wiring import Services

ROOT = Path(__file__).parents[2]


def create_app(services: Services) -> Flask:
    """The app of the web process and of the `flask` commands."""
    app = Flask("clicker", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = SMALL
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions["clicker"] = services
    app.request_class = asking.HtmxRequest
    _languages(app, services.players)
    assets.register(app, ROOT / "static")
    failures.register(app)
    edge = Edge(app.wsgi_app, services, partial(_fragment, app))
    origins = services.settings.cors_origins
    app.wsgi_app = Cors(edge, origins) if origins else edge  # type: ignore[method-assign]
    rooms = (players, sessions, taps, leaderboard, metrics)
    for blueprint in (page.blueprint, health.blueprint, openapi.blueprint, *rooms):
        app.register_blueprint(blueprint)
    if services.settings.admin_password:
        app.register_blueprint(admin.build(services))
    hub = live.Hub()
    live.register(app, hub)
    limits.register(app)
    edge.tallies.learn(app)
    app.extensions["pulse"] = Pulse(app, services, hub, edge)
    return app


def _fragment(app: Flask, error: ClickerError) -> str:
    """An error's fragment in the present language, made without a request."""
    return app.jinja_env.get_template("web/_error.html").render(code=error.code, message=error.message)


def _languages(app: Flask, players: PlayersService) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=False)  # type: ignore[attr-defined]
    # With the context, or Jinja would work out a constant once, in the language of whoever comes first.
    app.jinja_env.filters["number"] = pass_context(lambda _, value: i18n.number(value))
    app.jinja_env.globals["current_language"] = i18n.current
    app.jinja_env.globals["each_language"] = i18n.each
    app.jinja_env.globals["name_ideas"] = lambda: " ".join(players.ideas())
