"""The benchmark of the bot in short: thousands of live chats in the strict sandbox draw no 429."""

from bench.bot import run


def test_thousands_of_live_chats_newcomers_and_refreshes_draw_no_429() -> None:
    report = run(chats=2000, seconds=8)
    assert report["429"] == 0
    assert report["unanswered"] == 0
    assert report["replies"] > 100
    assert report["reply p50, s"] < 1
    assert report["outbox"]["edited"] > 30, "live messages were renewed meanwhile"


def test_the_same_load_with_the_outbox_switched_off_draws_429s() -> None:
    assert run(chats=300, seconds=3, outbox=False)["429"] > 0
