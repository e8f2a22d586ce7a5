"""The language that a player chose stays, whatever Telegram says and whatever is lost."""

import pytest

from clicker.errors import BadField, NoPlayer
from tests.conftest import wipe
from tests.telegram import ALICE, BOB, init_data


def choose(device, language: str):
    answer = device.post("/language", {"language": language})
    assert answer.status_code == 200, answer.text
    device.token = answer.json["token"]
    return answer


def test_errors_and_fragments_come_in_the_language_that_was_chosen(alice):
    assert choose(alice, "ru").json["language"] == "ru"
    assert "Коротковато" in alice.post("/username", {"username": "a"}).json["error"]["message"]
    html = alice.post("/session/resume", headers={"HX-Request": "true"}).text
    assert 'lang="ru"' in html


def test_a_choice_survives_the_next_opening_and_what_the_bot_hears_from_telegram(alice, services, clock):
    choose(alice, "ru")
    assert services.players.greet(ALICE, "Alice", "en").language == "ru"
    answer = alice.post("/session", {"init_data": init_data(ALICE, now=clock(), language="en")})
    alice.token = answer.json["token"]
    assert "Коротковато" in alice.post("/username", {"username": "a"}).json["error"]["message"]
    assert services.players.known(ALICE).chose_language


def test_without_a_choice_telegrams_language_is_followed(services):
    assert services.players.greet(BOB, "Bob", "en").language == "en"
    bob = services.players.greet(BOB, "Bob", "ru-RU")
    assert (bob.language, bob.chose_language) == ("ru", False)


def test_a_choice_survives_the_loss_of_the_hot_store(alice, services):
    alice.tap(1)
    services.taps.flush()
    choose(alice, "ru")
    wipe(services)
    services.taps.rebuild()
    assert services.players.greet(ALICE, "Alice", "en").language == "ru"
    assert alice.get("/me/export").json["player"]["language"] == "ru"


def test_a_session_goes_on_in_the_language_that_was_chosen_elsewhere(alice, services):
    services.players.choose_language(ALICE, "ru")
    alice.resume()
    assert "Коротковато" in alice.post("/username", {"username": "a"}).json["error"]["message"]


def test_only_our_languages_and_known_players(alice, services):
    assert alice.post("/language", {"language": "xx"}).json["error"]["code"] == "bad_field"
    with pytest.raises(BadField):
        services.players.choose_language(ALICE, "ru-x")
    with pytest.raises(NoPlayer):
        services.players.choose_language(BOB, "ru")
