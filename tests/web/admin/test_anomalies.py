"""Who taps like a robot, as the operator sees it, and what is done about them."""

from datetime import datetime

import pytest

from clicker.admin.kept import KEPT_S
from clicker.anomalies.models import AnomalyRow
from clicker.anomalies.rules import State
from clicker.audit.rules import Wanted
from clicker.stores.postgres import connection
from clicker.web.admin.suspects import SHOWN
from tests.telegram import ALICE

NOW = datetime(2026, 11, 21, 12)


def suspicious(player: int, state: str, score: int, signs: str = "even cap", speed: float = 24.0) -> None:
    """As judging would leave it."""
    judged = {"score": score, "suspicious": score, "signs": signs, "speed": speed, "variation": 0.02}
    with connection():
        AnomalyRow.insert(player_id=player, state=state, since=NOW, changed_at=NOW, **judged).execute()


def test_the_first_page_shows_the_top_with_score_why_and_cap(operator, services, settings, alice, clock):
    clock.move(KEPT_S)  # since the page that came after the login
    suspicious(ALICE, "flagged", 7)
    suspicious(2, "watched", 2, "rapid", 21.5)
    suspicious(3, "watched", 0, "rapid")
    suspicious(4, "trusted", 99)
    text = operator.get("/").text
    shown = text.partition('id="suspects"')[2].partition("</section>")[0]
    assert shown.count('class="suspect"') == 2
    assert ">alice<" in shown, "by their name where the game knows one"
    assert "Taps evenly, at the cap" in shown
    assert f"24.0 taps/s ± 2%, counted up to {settings.flagged_tap_rate}/s" in shown
    assert f"21.5 taps/s ± 2%, counted up to {settings.tap_rate}/s" in shown
    assert shown.index("<b>7</b> score") < shown.index("<b>2</b> score")


@pytest.mark.parametrize("state", list(State))
def test_a_page_for_each_state_worst_first(operator, services, state):
    suspicious(1, state, 3)
    suspicious(2, state, 5)
    suspicious(3, next(other for other in State if other != state), 9)
    text = operator.get(f"/anomalies?state={state}").text
    assert text.count('class="suspect"') == 2
    assert text.index("<b>5</b>") < text.index("<b>3</b>")


def test_many_are_cut_short_and_it_says_so(operator, services):
    for player in range(SHOWN + 3):
        suspicious(player, "watched", 1)
    text = operator.get("/anomalies?state=watched").text
    assert text.count('class="suspect"') == SHOWN
    assert "flask anomalies list --state watched" in text


def test_no_state_of_that_name(operator):
    assert operator.get("/anomalies?state=robots").status_code == 422
    assert "Nobody is flagged." in operator.get("/anomalies").text


def test_a_player_is_flagged_and_trusted_again_and_the_log_knows(operator, services, settings, alice, clock):
    assert "As people do." in operator.get(f"/players/{ALICE}").text
    flagged = operator.post(f"/players/{ALICE}/flag").text
    assert "Flagged: 5 taps a second are counted" in flagged
    assert "counted up to" in flagged.lower()
    assert services.anomalies.of_player(ALICE)["state"] == "flagged"
    hot = services.players.hot
    key = hot.keys.player(hot.keys.shard(ALICE), ALICE)
    assert services.redis.hget(key, "cap") == str(settings.flagged_tap_rate)
    assert "An operator said so" in operator.get("/anomalies").text
    clock.move(1)
    assert "Trusted: only an operator" in operator.post(f"/players/{ALICE}/unflag").text
    assert services.anomalies.of_player(ALICE)["state"] == "trusted"
    assert services.redis.hget(key, "cap") is None
    services.audit.move()
    acts = services.audit.search(Wanted(who="admin", resource=f"player:{ALICE}")).entries
    assert [act["action"] for act in acts] == ["player.unflagged", "player.flagged"]


@pytest.mark.parametrize("act", ["flag", "unflag"])
def test_flagging_needs_the_page_s_token_and_a_player(operator, services, alice, act):
    assert operator.post(f"/players/99/{act}").status_code == 404
    assert operator.get(f"/players/{ALICE}/{act}").status_code == 405
    operator.token = "made up"
    assert operator.post(f"/players/{ALICE}/{act}").status_code == 403
    assert services.anomalies.of_player(ALICE) is None
