"""The queue by itself, in the browser that runs it: against a server that loses answers, defers and forgets."""

import pytest

from tests.waiting import eventually

MODEL = """async ({seed, rounds, forgets}) => {
  const {Queue} = await import('/static/js/queue.js');
  let state = seed;
  const random = (n) => (state = (state * 1103515245 + 12345) % 2147483648) % n;
  const server = {session: 1, sequence: 0, deferred: 0, counted: 0};
  let kept = {id: 1}, tapped = 0;
  const save = (it) => (kept = structuredClone(it));
  let queue = new Queue(kept, save);

  // What the server does with a batch: see tap.lua.
  const receive = ({sequence, delta}) => {
    if (sequence > server.sequence) {
      const accepted = random(3) ? delta : random(delta + 1);
      Object.assign(server, {sequence, deferred: delta - accepted, counted: server.counted + accepted});
    }
    return {sequence, deferred: sequence === server.sequence ? server.deferred : 0};
  };
  const send = (arrives, answered) => {
    const batch = queue.take();
    queue.save();
    if (!batch || !arrives) return;
    const answer = receive(batch);
    if (answered) queue.acknowledge(answer.sequence, answer.deferred);
  };
  const acts = [
    () => { const taps = 1 + random(3); tapped += taps; queue.waiting += taps; queue.save(); },
    () => send(true, true),
    () => send(true, false),
    () => send(false, false),
    () => { queue = new Queue(structuredClone(kept), save); },
    () => queue.judge(server.session, server.sequence, server.deferred),
  ];
  for (let i = 0; i < rounds; i++) {
    acts[random(acts.length)]();
    if (forgets && !random(20)) {
      if (random(2) && queue.take()) queue.tries -= 1;
      Object.assign(server, {session: server.session + 1, sequence: 0, deferred: 0});
      queue.judge(server.session, 0, 0);
    }
    if (server.counted > tapped) return {tapped, counted: server.counted, left: queue.unsent, i};
  }
  while (queue.unsent) send(true, true);
  return {tapped, counted: server.counted};
}"""


SEEDS = range(1, 31)


@pytest.fixture(scope="module")
def page(browser, shared_web):
    """A page of the same origin, on which the game does not start."""
    eventually(shared_web.ready, 30)
    opened = browser.new_page()
    opened.goto(f"{shared_web.url}/static/img/mark.svg")
    yield opened
    opened.close()


def queue(page, script: str):
    return page.evaluate(f"async () => {{ const {{Queue}} = await import('/static/js/queue.js'); {script} }}")


def test_every_tap_is_counted_once_whatever_happens_to_the_answers(page):
    for seed in SEEDS:
        end = page.evaluate(MODEL, {"seed": seed, "rounds": 3000, "forgets": False})
        assert end["counted"] == end["tapped"] > 0, seed


def test_a_server_that_forgets_sessions_never_counts_a_tap_twice(page):
    for seed in SEEDS:
        end = page.evaluate(MODEL, {"seed": seed, "rounds": 3000, "forgets": True})
        assert 0 < end["counted"] <= end["tapped"], seed


def test_a_batch_holds_at_most_a_thousand_taps_and_the_rest_waits(page):
    batches = queue(
        page,
        "const it = new Queue({waiting: 2300}, () => {}); const sent = [];"
        "while (it.unsent) { const batch = it.take(); sent.push(batch.delta); it.acknowledge(batch.sequence, 0); }"
        "return sent;",
    )
    assert batches == [1000, 1000, 300]


def test_what_is_saved_with_a_batch_in_flight_names_that_very_batch(page):
    saved = queue(
        page,
        "const log = []; const it = new Queue(null, (state) => log.push(JSON.stringify(state)));"
        "it.waiting += 3; const batch = it.take(); it.save(); return [JSON.parse(log.at(-1)), batch];",
    )
    assert saved == [
        {"waiting": 0, "sequence": 1, "delta": 3, "tries": 1, "at": 1},
        {"sequence": 1, "delta": 3},
    ]


def test_an_answer_to_another_batch_changes_nothing(page):
    assert queue(
        page,
        "const it = new Queue({waiting: 5}, () => {}); it.take(); return [it.acknowledge(9, 5), it.unsent];",
    ) == [
        False,
        5,
    ]


def test_a_spoilt_store_is_an_empty_queue(page):
    spoilt = "[null, {}, 7, 'x', {waiting: -1}, {waiting: 1.5}, {waiting: '9'}, {sequence: 0, delta: 5},"
    spoilt += " {sequence: 1, delta: 5000}, {sequence: 1, delta: 'x'}, {sequence: NaN}]"
    assert queue(page, f"return {spoilt}.map((it) => new Queue(it).unsent);") == [0] * 11


def test_what_is_older_than_what_the_server_has_is_given_up(page):
    stale = "{id: 's', waiting: 3, sequence: 4, delta: 2, tries: 1}"
    judged = (
        f"const it = new Queue({stale}, () => {{}}); it.judge('s', 6, 0); return [it.sequence, it.unsent];"
    )
    assert queue(page, judged) == [6, 0]
