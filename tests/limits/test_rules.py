"""How limits follow the pace."""

import pytest

from clicker.limits.rules import ANALYTICS, BURST, SENSITIVE, STANDARD, TIERS, cost, fails_closed
from clicker.pace.rules import ORDER


@pytest.mark.parametrize("tier", TIERS)
def test_a_call_never_gets_cheaper_as_load_grows(tier):
    costs = [cost(tier, level) or 10**6 for level in ORDER]
    assert costs == sorted(costs)
    assert costs[0] == 1


@pytest.mark.parametrize(
    ("level", "standard", "sensitive", "burst", "analytics"),
    [
        ("calm", 1, 1, 1, 1),
        ("busy", 1, 1, 1, 1),
        ("strained", 2, 2, 1, None),
        ("shedding", 4, 4, 2, None),
    ],
)
def test_what_a_call_costs_at_each_level(level, standard, sensitive, burst, analytics):
    tiers = (STANDARD, SENSITIVE, BURST, ANALYTICS)
    assert [cost(tier, level) for tier in tiers] == [standard, sensitive, burst, analytics]


def test_only_sensitive_calls_wait_while_nobody_can_count():
    assert [tier for tier in TIERS if fails_closed(tier)] == [SENSITIVE]
