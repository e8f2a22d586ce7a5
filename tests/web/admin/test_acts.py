"""Everything that an operator does is in the audit log, and can be found there."""

from dataclasses import replace

import pytest

from clicker import wiring
from clicker.admin.kept import KEPT_S
from clicker.audit.rules import Action, Actor, Wanted
from clicker.web.app import create_app
from tests.telegram import ALICE
from tests.web.admin.conftest import PASSWORD, Operator


def acts(services) -> list[tuple[str, str, str]]:
    services.audit.move()
    found = services.audit.search(Wanted(who="admin")).entries
    return sorted((row["action"], row["resource"], str(row["address"])) for row in found)


def test_every_act_is_recorded_with_who_and_from_where(browser_of, services, alice):
    browser = browser_of()
    browser.try_("wrong")
    browser.try_(PASSWORD)
    browser.get("/")
    for path, data in [
        ("/pace", {"level": "busy"}),
        ("/pace", {"level": ""}),
        ("/flush", {}),
        (f"/players/{ALICE}/username", {"username": "carol"}),
        (f"/players/{ALICE}/block", {}),
        (f"/players/{ALICE}/unblock", {}),
        ("/rq/queue/clicker/queued/empty", {}),
    ]:
        assert browser.post(path, data).status_code == 200, path
    browser.post("/logout")
    here, player = "203.0.113.7", f"player:{ALICE}"
    expected = [
        ("login.failed", "", here),
        ("login.ok", "", here),
        ("pace.held", "pace", "127.0.0.1"),
        ("pace.released", "pace", "127.0.0.1"),
        ("taps.flushed", "taps", "127.0.0.1"),
        ("username.changed", player, "127.0.0.1"),
        ("player.blocked", player, "127.0.0.1"),
        ("player.unblocked", player, "127.0.0.1"),
        ("queue.changed", "rq", "127.0.0.1"),
        ("login.ended", "", "127.0.0.1"),
    ]
    assert acts(services) == sorted(expected)


def test_refused_acts_are_not_recorded(operator, services):
    operator.post("/pace", {"level": "busy"}, **{"X-CSRFToken": "x"})
    operator.post("/pace", {"level": "relaxed"})
    assert [action for action, _, _ in acts(services)] == ["login.ok"]


def test_the_log_is_searched_by_who_what_and_when_and_paged(operator, services, clock):
    for number in range(60):
        clock.move(60)
        services.audit.record(Action.PACE_HELD, Actor.operator("cli:root"), "pace", level="busy", n=number)
    services.audit.move()
    page = operator.get("/audit?who=cli:root").text
    assert page.count("<li>") == 50
    assert "n: <bdi>59</bdi>" in page
    older = page.partition('class="quiet" href="/admin')[2].partition('"')[0].replace("&amp;", "&")
    page = operator.get(older).text
    assert page.count("<li>") == 10
    assert "n: <bdi>9</bdi>" in page
    assert "Older" not in page
    assert operator.get("/audit?action=login.ok").text.count("<li>") == 1
    assert (
        operator.get("/audit?since=2027-01-15T08:50&until=2027-01-15T09:00&who=cli:root").text.count("<li>")
        == 10
    )
    assert (
        "Nothing like that" in operator.get("/audit?who=nobody&resource=player:1&action=player.deleted").text
    )


@pytest.mark.parametrize("query", ["since=yesterday", "until=9999999-01-01T00:00", "older=x", "who=a&who=b"])
def test_a_search_that_makes_no_sense_is_told_so(operator, query):
    answer = operator.get(f"/audit?{query}")
    assert answer.status_code == 422
    assert "Back to Now" in answer.text or "who" in query


@pytest.mark.parametrize(
    "evil", ["<script>alert(1)</script>", "\u202eevil", "'; DROP TABLE audit; --", "😈", "a\0b"]
)
def test_whatever_is_in_the_log_is_only_shown(operator, services, clock, evil):
    clock.move(KEPT_S)
    services.audit.record(Action.USERNAME_CHANGED, Actor.operator(evil), evil, username=evil)
    services.audit.move()
    for path in ("/audit", "/recent"):
        text = operator.get(path).text
        assert "<script>alert" not in text
        assert "username.changed" in text
    assert operator.client.get("/admin/audit", query_string={"who": evil}).status_code == 200


def test_the_last_acts_are_asked_for_once_in_ten_seconds(operator, services, clock):
    def shown() -> int:
        return operator.get("/recent").text.count("pace.held")

    operator.get("/recent")
    operator.post("/pace", {"level": "busy"})
    services.audit.move()
    assert shown() == 0
    clock.move(KEPT_S)
    assert shown() == 1


def test_without_postgres_the_page_is_there_and_a_search_says_why_not(operator, settings, clock):
    url = settings.database_url.rsplit("/", 1)[0] + "/nowhere"
    away = Operator(create_app(wiring.build(replace(settings, database_url=url), clock)))
    try:
        cookie = operator.client.get_cookie("clicker_admin", path="/admin").value
        away.client.set_cookie("clicker_admin", cookie, path="/admin")
        assert "Nothing is wrong." in away.get("/").text
        for path in ("/audit", "/players", "/players?q=al"):
            answer = away.get(path)
            assert answer.status_code == 503
            assert "Postgres does not answer" in answer.text
    finally:
        wiring.build(settings, clock)
