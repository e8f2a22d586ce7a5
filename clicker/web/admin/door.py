"""The door of `/admin/`: who is let in, what every form must carry, and the headers of every answer."""

from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from clicker.admin.logins import Login
from clicker.admin.rules import LOGIN_S, Forged, TooManyTries, WrongPassword
from clicker.admin.service import AdminService
from clicker.audit.rules import Action, Actor
from clicker.errors import ClickerError, Overloaded
from clicker.stores import postgres, redis
from clicker.web import address, answers, fields
from clicker.web.asking import client_address, request_id, services, wants_json

OPERATOR = "admin"
"""What the audit log calls whoever came through this door."""
COOKIE = "clicker_admin"
TOKEN = "X-CSRFToken"  # noqa: S105 - the header's name
OPEN = {"admin.login", "admin.enter"}
LONGEST_PASSWORD = 256
LOOK_MS, ACT_MS = 2000, 8000
"""How long a statement in Postgres may take, in milliseconds: of a page that is looked at, and of an act, which may
have to wait for a flush."""
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}


def register(blueprint: Blueprint) -> None:
    """Puts the door in front of everything in the blueprint."""
    blueprint.before_request(_guard)
    blueprint.after_request(_close)
    blueprint.teardown_request(_left)
    blueprint.errorhandler(ClickerError)(_tell)
    for error in (redis.Error, *postgres.Errors):
        blueprint.errorhandler(error)(_away)
    blueprint.add_url_rule("/login", "login", _login)
    blueprint.add_url_rule("/login", "enter", _enter, methods=["POST"])
    blueprint.add_url_rule("/logout", "leave", _leave, methods=["POST"])


def admin() -> AdminService:
    return services().admin


def given() -> fields.Fields:
    """The fields of the present form; they can be read once."""
    if "fields" not in g:
        g.fields = fields.read()
    return g.fields


def form_token() -> str:
    """What the forms of the present page carry."""
    return admin().logins.token(g.login)


def operator() -> Actor:
    """Who acts, for the audit log."""
    return Actor.operator(OPERATOR, client_address())


def record(action: Action, resource: str = "", **details: object) -> None:
    """Puts what the operator does into the audit log. Raises what the hot store raises."""
    services().audit.record(action, operator(), resource, **details)


def answer(fragment: str, message: str = "", **context: Any) -> str:
    """A fragment, and a line at the bottom of the page if there is something to say."""
    return render_template(
        "admin/_answer.html", fragment=fragment, message=message, key=request_id(), **context
    )


def _guard() -> Response | None:
    """Before every request: a form must be of a page of ours, and everything but the door needs the password."""
    g.visit = postgres.begin_visit(LOOK_MS if request.method in ("GET", "HEAD") else ACT_MS)
    known = admin().read(request.cookies.get(COOKIE, ""))
    g.fresh = known is None
    g.login = known or admin().visit()
    if request.method not in ("GET", "HEAD"):
        token = request.headers.get(TOKEN) or given().values.get("token", "")
        if known is None or not isinstance(token, str) or not admin().logins.fits(known, token):
            raise Forged
    if request.endpoint in OPEN or (g.login.entered and not _ended(g.login)):
        return None
    return _to_door()


def _ended(login: Login) -> bool:
    """Whether they have logged out. While the hot store is away they may look, for that is when they have to."""
    try:
        return admin().ended(login)
    except redis.Error:
        if request.method in ("GET", "HEAD"):
            return False
        raise


def _to_door() -> Response:
    where = url_for("admin.login")
    if "HTTP_HX_REQUEST" in request.environ:
        return Response(status=200, headers={"HX-Redirect": where})
    return redirect(where, 303)  # type: ignore[return-value]


def _login() -> Any:
    if g.login.entered and not _ended(g.login):
        return redirect(url_for("admin.page"), 303)
    return _page()


def _enter() -> Any:
    try:
        g.login = admin().enter(given().text("password", LONGEST_PASSWORD), address.caller(client_address()))
        record(Action.LOGIN_OK)
    except (WrongPassword, TooManyTries) as error:
        if isinstance(error, WrongPassword):  # what is not even looked at would only fill the log
            record(Action.LOGIN_FAILED)
        return _page(error)
    except redis.Error:
        return _page(Overloaded("The hot store is away, so nobody can be let in. Use the command line."))
    g.fresh = True
    return redirect(url_for("admin.page"), 303)


def _leave() -> Any:
    admin().leave(g.login)
    record(Action.LOGIN_ENDED)
    g.login, g.fresh = admin().visit(), True
    return redirect(url_for("admin.login"), 303)


def _page(error: ClickerError | None = None) -> Response:
    html = render_template("admin/login.html", token=form_token(), error=error)
    response = Response(html, error.status if error else 200, content_type="text/html; charset=utf-8")
    if error and error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _tell(error: ClickerError) -> Response:
    """An expected failure: one line on the page, wherever the request was aimed."""
    if request.method == "GET" and not wants_json() and "HTTP_HX_REQUEST" not in request.environ:
        html = render_template(
            "admin/trouble.html", token=form_token(), said=error.message, again=error.status == 503
        )
        return Response(html, error.status, content_type="text/html; charset=utf-8")
    data = {"code": error.code, "message": error.message, "extra": error.extra}
    response = answers.error("admin/_notice.html", data, error.status, "#notice", key=request_id())
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _left(error: BaseException | None) -> None:
    if "visit" in g:
        postgres.end_visit(g.visit)


def _away(error: Exception) -> Response:
    name = "The hot store" if isinstance(error, redis.Error) else "Postgres"
    more = "Load the page again" if request.method in ("GET", "HEAD") else "Do it again: twice is harmless"
    return _tell(Overloaded(f"{name} does not answer. {more}."))


def _close(response: Response) -> Response:
    """After every request: the strictest headers, unless the answer brought its own, and the cookie if it is new."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if g.get("fresh"):
        response.set_cookie(
            COOKIE,
            admin().logins.signed(g.login),
            max_age=LOGIN_S,
            path="/admin",
            secure=services().settings.production,
            httponly=True,
            samesite="Strict",
        )
    return response
