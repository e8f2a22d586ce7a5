"""Thousands of near misses of what Telegram and we sign: none is taken for the real thing.

In this process and on the very functions that HTTP asks, for speed; `tests/web/test_bad_input.py` asks over HTTP.
"""

import base64
import random
import string
from urllib.parse import parse_qsl, quote, urlencode

import pytest

from clicker.errors import BadInitData, NoSession, StaleInitData
from clicker.players.identity import check
from clicker.sessions.token import Tokens
from clicker.settings import SANDBOX_TOKEN
from tests.telegram import ALICE, BOB, init_data

MUTATIONS = 20_000
NOW = 1_800_000_000
LETTERS = string.ascii_letters + string.digits + "%&=+./-_ \0é‮😀"


def flip(random, text):
    at = random.randrange(len(text))
    return text[:at] + random.choice(LETTERS) + text[at + 1 :]


def drop(random, text):
    at = random.randrange(len(text))
    return text[:at] + text[at + random.randint(1, 5) :]


def insert(random, text):
    at = random.randrange(len(text))
    return text[:at] + random.choice(LETTERS) * random.randint(1, 3) + text[at:]


def swap(random, text):
    a, b = sorted(random.sample(range(len(text)), 2))
    return text[:a] + text[b] + text[a + 1 : b] + text[a] + text[b + 1 :]


def raise_a_number(random, text):
    digits = [at for at, letter in enumerate(text) if letter.isdecimal()]
    at = random.choice(digits)
    return text[:at] + str((int(text[at]) + random.randint(1, 9)) % 10) + text[at + 1 :]


def shuffle_case(random, text):
    return "".join(letter.upper() if random.random() < 0.2 else letter for letter in text)


ANY = (flip, drop, insert, swap, raise_a_number, shuffle_case)


def other_user(random, text):
    return text.replace(str(ALICE), str(random.randint(1, 2**40)))


def other_field(random, text):
    return (
        f"{text}&{random.choice(('user', 'auth_date', 'hash', 'x', 'start_param'))}={random.choice(LETTERS)}"
    )


def without_field(random, text):
    pairs = parse_qsl(text)
    pairs.pop(random.randrange(len(pairs)))
    return urlencode(pairs)


def said_twice(random, text):
    pairs = parse_qsl(text)
    name, value = random.choice(pairs)
    return text + "&" + urlencode({name: raise_a_number(random, value + "1")})


def other_key(random, text):
    return init_data(ALICE, now=NOW, token=f"{random.randint(1, 10**9)}:guess")


def means_the_same(mutated, good):
    """Another spelling of the very same fields, such as `%5B` for `[`, is no forgery; nor is another order."""
    try:
        return sorted(parse_qsl(mutated, strict_parsing=True)) == sorted(parse_qsl(good))
    except ValueError:
        return False


def test_no_mutation_of_init_data_is_accepted():
    seeded, good = random.Random(1), init_data(ALICE, now=NOW, start_param="abc")
    assert check(good, SANDBOX_TOKEN, NOW).id == ALICE
    ways = (*ANY, *ANY, other_user, other_field, without_field, said_twice, other_key)
    tried = 0
    while tried < MUTATIONS:
        mutated = good
        for _ in range(seeded.randint(1, 3)):
            mutated = seeded.choice(ways)(seeded, mutated or "x1")
        if not mutated or means_the_same(mutated, good):
            continue
        tried += 1
        with pytest.raises((BadInitData, StaleInitData)):
            check(mutated, SANDBOX_TOKEN, NOW)


def test_no_mutation_of_a_token_is_accepted():
    tokens, seeded = Tokens("a secret of the test"), random.Random(2)
    good = tokens.issue(ALICE, "0123456789abcdef", "en", NOW)
    assert tokens.check(good, NOW).player == ALICE
    body, signature = good.rsplit(".", 1)
    others = [Tokens(guess) for guess in ("", "development-only-secret-key", "a secret of the tesu")]
    for _ in range(MUTATIONS):
        way = seeded.randrange(10)
        if way == 0:
            mutated = body.replace(str(ALICE), str(seeded.randint(1, 2**40)), 1) + "." + signature
        elif way == 1:
            mutated = seeded.choice(others).issue(ALICE, "0123456789abcdef", "en", NOW)
        elif way == 2:
            guess = base64.urlsafe_b64encode(seeded.randbytes(20)).decode().rstrip("=")
            mutated = f"{body}.{guess}"
        else:
            mutated = seeded.choice(ANY)(seeded, good)
        if mutated == good:
            continue
        with pytest.raises(NoSession):
            tokens.check(mutated, NOW)


def test_a_token_of_one_player_is_not_anothers(services, alice):
    """Two honest tokens, their parts exchanged in every way."""
    tokens = services.sessions.tokens
    mine = tokens.issue(ALICE, alice.session, "en", NOW).split(".")
    theirs = tokens.issue(BOB, "f" * 16, "ru", NOW + 5).split(".")
    for choice in range(1, 2 ** len(mine) - 1):
        mixed = ".".join(pair[choice >> at & 1] for at, pair in enumerate(zip(mine, theirs, strict=True)))
        with pytest.raises(NoSession):
            tokens.check(mixed, NOW)


def test_quoting_does_not_change_who_is_meant():
    good = init_data(ALICE, now=NOW)
    respelled = "&".join(f"{name}={quote(value, safe='')}" for name, value in parse_qsl(good))
    assert check(respelled, SANDBOX_TOKEN, NOW).id == ALICE
