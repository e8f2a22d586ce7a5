"""RQ's dashboard behind the door."""

import re

import pytest
from rq import Queue

from clicker.jobs.queue import QUEUE
from clicker.stores import redis
from clicker.web.admin.rq import _FOLDER, READS

PAGES = ("base", "navbar", "jobs", "job")


@pytest.fixture
def queue(services, stores) -> Queue:
    made = Queue(QUEUE, connection=redis.connect_rq(stores.rq_redis_url))
    made.empty()
    made.enqueue("clicker.taps.jobs.flush", job_id="evening-flush", description="<b>flush</b>")
    return made


def test_its_pages_work_under_a_policy_without_anything_unsafe(operator, queue):
    for page in ("", "0/view/jobs", "0/view/workers", "0/view/job/evening-flush"):
        answer = operator.get(f"/rq/{page}")
        assert answer.status_code == 200, page
        policies = answer.headers.getlist("Content-Security-Policy")
        nonce = re.search(r"script-src 'nonce-([\w-]+)';", policies[0])
        assert (len(policies), bool(nonce)) == (1, True)
        assert "unsafe-inline" not in policies[0]
        assert "unsafe-eval" not in policies[0]
        code = re.findall(r"<script[^>]*>", answer.text)
        assert all(f'nonce="{nonce[1]}"' in tag for tag in code if "text/template" not in tag)
    assert operator.get("/rq/").headers["Content-Security-Policy"] != policies[0], "a nonce is for one answer"


def test_it_tells_of_our_jobs_and_hides_where_they_are(operator, queue, stores):
    found = operator.get("/rq/0/data/jobs/clicker/queued/8/asc/1.json").json["jobs"]
    assert [job["id"] for job in found] == ["evening-flush"]
    assert stores.rq_redis_url not in operator.get("/rq/").text
    assert operator.get("/rq/static/js/underscore-umd-min.js").status_code == 200
    assert operator.get("/rq/static/favicon.ico").status_code == 200


def test_what_it_posts_needs_the_token(operator, queue):
    token, operator.token = operator.token, "made up"
    assert operator.post("/rq/job/evening-flush/delete").status_code == 403
    assert queue.job_ids == ["evening-flush"]
    operator.token = token
    assert operator.post("/rq/job/evening-flush/delete").json == {"status": "OK"}
    assert queue.job_ids == []


def test_a_link_changes_nothing(operator, queue):
    assert operator.get("/rq/requeue/clicker").status_code == 405
    assert operator.get("/rq//requeue/clicker").status_code in (404, 405, 308)


@pytest.mark.parametrize(
    "path",
    [
        "0/view/job/nobody",
        "0/data/job/nobody.json",
        "9/view/x",
        "static/../../../../etc/passwd",
        "0/data/jobs/a/b/x/c/y.json",
    ],
)
def test_what_is_not_there_is_not_an_error_of_ours(operator, queue, path):
    assert operator.get(f"/rq/{path}").status_code in (200, 404)


def test_a_queue_s_name_can_not_become_code(operator, queue):
    text = operator.get("/rq/0/view/jobs/x');alert(1);('/queued/8/asc/1").text
    assert "');alert(1)" not in text
    text = operator.get("/rq/0/view/jobs/<script src=x>/queued/8/asc/1").text
    assert len(re.findall(r"<script nonce", text)) == 5


def test_everything_that_it_reads_differently_here_is_there_to_be_read(operator, queue):
    pages = [(_FOLDER / "templates" / "rq_dashboard" / f"{name}.html").read_text() for name in PAGES]
    assert [theirs for theirs in READS if not any(theirs in page for page in pages)] == []
    for page in ("", "0/view/jobs", "0/view/job/evening-flush"):
        text = operator.get(f"/rq/{page}").text
        assert 'aria-label="Admin"' in text, "our bar"
        assert 'role="main"' in text
