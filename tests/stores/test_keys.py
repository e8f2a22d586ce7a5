"""Every key that one tap touches is in one slot."""

import re

from clicker.stores.keys import Keys


def test_all_keys_of_a_tap_bear_the_players_tag():
    keys = Keys(4)
    k = keys.shard(1001)
    names = [
        keys.session(k, "s"),
        keys.player(k, 1001),
        keys.board(k),
        keys.total(k),
        keys.dirty(k),
        keys.seen(k),
    ]
    assert {re.match(r"\{(\d)\}:", name).group(1) for name in names} == {str(k)}


def test_players_spread_evenly_over_the_shards():
    keys = Keys(4)
    counts = [0] * 4
    for player in range(10_000):
        counts[keys.shard(player)] += 1
    assert max(counts) < 1.1 * min(counts)
