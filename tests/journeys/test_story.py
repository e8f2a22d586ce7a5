"""A whole story, with nothing patched: chat, onboarding, game, board, Postgres, and the next day."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser import PHONE
from tests.journeys.house import House
from tests.journeys.story import Story
from tests.waiting import eventually

USER = 1001


def test_a_new_player_taps_a_hundred_times_and_still_has_them_the_next_day(
    browser: Browser, tmp_path: Path
) -> None:
    house = House(tmp_path).started()
    try:
        context = browser.new_context(viewport=PHONE, has_touch=True)
        story = Story(context.new_page(), house.sandbox, USER)
        story.enter_chat()
        story.start()
        story.say("a")
        story.sees("Too short")
        story.choose("alice")
        story.open_game()
        story.tap(100)
        story.has(100)
        on_board(story, 100)
        story.page.click("#miniapp-reload")
        story.has(100)
        story.close_game()
        story.button("Refresh")
        story.sees("100")
        eventually(lambda: house.flask("taps", "verify") == 0, 3, "a hundred taps are in Postgres")

        house.stop()
        house.started()
        story.enter_chat()
        story.say("/start")
        story.open_game()
        story.has(100)
        on_board(story, 100)
        context.close()
    finally:
        house.stop()


def on_board(story: Story, clicks: int) -> None:
    row = story.game.locator('#leaderboard [data-username="alice"]')
    expect(row).to_contain_text(str(clicks))
