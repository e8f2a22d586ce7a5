"""axe on every state of the Mini App, in both themes and languages: `make axe`. Exits with 1 if it finds anything."""

import sys

from tests.access import barriers
from tests.browser import chromium
from tests.journeys.stage import stage
from tests.journeys.states import each_state


def main() -> int:
    found, seen = 0, 0
    with chromium() as browser, stage() as (web, game):
        for number, (theme, language) in enumerate((t, x) for t in ("light", "dark") for x in ("en", "ru")):
            for name, alice in each_state(browser, web.url, game, 3001 + number, theme, language):
                said = barriers(alice.page)
                seen, found = seen + 1, found + len(said)
                sys.stdout.write(f"{theme:6}{language:4}{name:12}{len(said)}\n")
                sys.stdout.writelines(f"    {line}\n" for line in said)
    sys.stdout.write(f"{found} violations in {seen} states\n")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
