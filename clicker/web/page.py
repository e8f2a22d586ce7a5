"""The Mini App's shell: the same for everyone, so that it can be cached; who plays is known after `POST /session`."""

from flask import Blueprint, Response, current_app, render_template, request

from clicker import i18n
from clicker.web.asking import services
from clicker.web.assets import compressed
from clicker.web.calls import call

blueprint = Blueprint("web", __name__)

_TELEGRAM_SCRIPT = "https://telegram.org/js/telegram-web-app.js"


@blueprint.get("/")
@call(tier=None, public=True, gives={200: "text/html", 304: None})
def page() -> Response:
    """The page without a player. In the sandbox, Telegram's script is served from here."""
    script = "" if not services().settings.sandboxed else "vendor/telegram-web-app.js"
    html = render_template(
        "web/page.html",
        telegram_script=_TELEGRAM_SCRIPT if not script else None,
        local_script=script,
        language=i18n.current(),
    )
    response = compressed(html.encode(), "text/html")
    response.headers["Cache-Control"] = "public, max-age=60"
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response


@blueprint.get("/sw.js")
@call(tier=None, public=True, gives={200: "text/javascript", 304: None})
def service_worker() -> Response:
    """The service worker, at the root: it may only look after what lies below its own address."""
    response: Response = current_app.extensions["assets"].serve("sw.js")
    response.headers["Cache-Control"] = "no-cache"
    return response
