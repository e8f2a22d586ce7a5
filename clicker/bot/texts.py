"""What the bot says about numbers and people, in Telegram's HTML. Pure; everything from outside is escaped."""

from html import escape

from clicker.i18n import gettext, ngettext, number
from clicker.leaderboard.rules import Board, Entry, Standing
from clicker.players.rules import Player

_MEDALS = {1: "🥇", 2: "🥈", 3: "🥉"}
_FIGURE_SPACE = "\u2007"
"""As wide as a digit, so that ranks of one and of two digits line up."""


def paragraphs(*parts: str) -> str:
    """The parts that are not empty, an empty line between them."""
    return "\n\n".join(part for part in parts if part)


def numbers(player: Player, standing: Standing, board: Board) -> str:
    """Four lines: who I am, my clicks, my rank, global clicks."""
    return "\n".join(
        (
            "👤 " + _bold(escape(player.username)),
            "👆 " + gettext("Your clicks: %(clicks)s", clicks=_bold(number(standing.clicks))),
            "🏅 " + _rank(standing),
            "🌍 " + gettext("Global clicks: %(clicks)s", clicks=_bold(number(board.global_clicks))),
        )
    )


def board_lines(board: Board, player: Player | None = None, standing: Standing | None = None) -> str:
    """The board, the player's row marked; with `standing`, a player beyond the board gets a row below it."""
    title = _bold("🏆 " + gettext("Top 20"))
    if not board.entries:
        return f"{title}\n" + gettext("Nobody has tapped yet. The first place is free!")
    mine = player.username if player else ""
    rows = [_row(entry, mine) for entry in board.entries]
    if standing and standing.clicks and mine not in {entry.username for entry in board.entries}:
        gap = ["⋯"] if standing.rank > len(board.entries) + 1 else []
        rows += [*gap, _row(Entry(standing.rank, mine, standing.clicks), mine)]
    return "\n".join([title, *rows])


def neighbours(standing: Standing) -> str:
    """Whom to overtake, and who is behind; empty for the only player."""
    lines = []
    if standing.above:
        missing = standing.above.clicks - standing.clicks + 1
        lines.append("⬆️ " + _to_overtake(standing.above.username, missing))
    elif standing.clicks:
        lines.append("👑 " + gettext("Nobody is ahead of you."))
    if standing.below and standing.clicks:
        lead = standing.clicks - standing.below.clicks
        lines.append("⬇️ " + _behind(standing.below.username, lead))
    return "\n".join(lines)


def toast(standing: Standing) -> str:
    """The same news in a line that is shown for a moment (plain text, at most 200 characters)."""
    clicks = ngettext("%(n)s click", "%(n)s clicks", standing.clicks)
    if not standing.clicks:
        return clicks
    return gettext("%(clicks)s, rank %(rank)s", clicks=clicks, rank=number(standing.rank))


def challenge(player: Player, standing: Standing) -> str:
    """What a friend reads who is challenged, in the challenger's language."""
    name = _bold(escape(player.username))
    if not standing.clicks:
        return "👆 " + gettext("%(username)s plays Clicker. One button, and everyone taps it!", username=name)
    said = ngettext(
        "%(username)s has %(n)s click in Clicker, rank %(rank)s.",
        "%(username)s has %(n)s clicks in Clicker, rank %(rank)s.",
        standing.clicks,
        username=name,
        rank=_bold(number(standing.rank)),
    )
    return f"⚔️ {said}\n" + gettext("Can you beat that?")


def _rank(standing: Standing) -> str:
    if not standing.clicks:
        return gettext("Your rank: tap to get one")
    return gettext("Your rank: %(rank)s", rank=_bold(number(standing.rank)))


def _row(entry: Entry, mine: str) -> str:
    place = _MEDALS.get(entry.rank) or number(entry.rank).rjust(2, _FIGURE_SPACE) + "."
    row = f"{place} {escape(entry.username)} · {number(entry.clicks)}"
    return _bold(f"{row} ← " + gettext("you")) if mine and entry.username == mine else row


def _to_overtake(username: str, clicks: int) -> str:
    return ngettext(
        "%(n)s tap to overtake %(username)s",
        "%(n)s taps to overtake %(username)s",
        clicks,
        username=_bold(escape(username)),
    )


def _behind(username: str, clicks: int) -> str:
    return ngettext(
        "%(username)s is %(n)s tap behind",
        "%(username)s is %(n)s taps behind",
        clicks,
        username=_bold(escape(username)),
    )


def _bold(text: str) -> str:
    return f"<b>{text}</b>"
