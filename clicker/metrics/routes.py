"""`GET /metrics`: every process's figures, whichever web process is asked. No I/O, so it answers at once."""

from flask import Blueprint, Response, request

from clicker.errors import NotFound
from clicker.metrics.exposition import CONTENT_TYPE, text
from clicker.web.asking import services
from clicker.web.calls import call

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@call(tier=None, public=True, gives={200: "text/plain"}, errors=(NotFound,))
def metrics() -> Response:
    """For the operator's own network: what came through a proxy is told that there is nothing."""
    if "HTTP_X_FORWARDED_FOR" in request.environ:
        raise NotFound
    return Response(text(services().metrics.figures()), content_type=CONTENT_TYPE)
