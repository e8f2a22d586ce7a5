"""What the bot says to somebody whom an operator has blocked."""

from clicker.wiring import Services
from tests.bot.chat import Chat, Newcomer


def test_a_blocked_player_is_told_so_and_may_still_delete_their_data(alice: Chat, game: Services) -> None:
    alice.say("/start")
    main = alice.last()
    game.players.block(alice.user)
    assert "This account is blocked" in alice.say("/play")["text"]
    assert "This account is blocked" in alice.say("hello")["text"]
    pressed = alice.press("Try again")
    assert "Your clicks are kept" in pressed["text"]
    assert len(pressed["text"]) <= 200, "Telegram takes no more there"
    assert "blocked" in alice.press_data("go:settings", main)["text"]
    assert "can't be undone" in alice.say("/delete")["text"]
    alice.press("Keep my data")


def test_after_the_block_the_same_button_leads_back(alice: Chat, game: Services) -> None:
    game.players.block(alice.user)
    alice.say("/start")
    game.players.unblock(alice.user)
    alice.press("Try again")
    alice.reads("Your clicks")


def test_it_is_said_in_the_player_s_language_and_deleting_does_not_lift_it(
    newcomer: Newcomer, game: Services
) -> None:
    boris = newcomer(language_code="ru")
    boris.say("/start")
    boris.say(f"boris_{boris.user}")
    game.players.block(boris.user)
    assert "Аккаунт заблокирован" in boris.say("/me")["text"]
    boris.say("/delete")
    boris.press("удалить")
    boris.say("/start")
    assert "Аккаунт заблокирован" in boris.say(f"boris_{boris.user}")["text"]
    assert game.players.get(boris.user) is None or not game.players.known(boris.user).username
