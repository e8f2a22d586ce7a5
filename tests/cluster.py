"""A Valkey Cluster of three primaries out of the wheel."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import redis

from clicker.stores import embedded
from tests.processes import free_port
from tests.waiting import eventually

NODES = 3
SLOTS = 16_384


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Starts three nodes, shares out the slots, and gives the cluster's URL."""
    with ExitStack() as stack:
        buses = [free_port() for _ in range(NODES)]
        nodes = [
            stack.enter_context(embedded.valkey(folder / f"node{n}", cluster_enabled="yes", cluster_port=bus))
            for n, bus in enumerate(buses)
        ]
        clients = [redis.Redis.from_url(node.url, decode_responses=True) for node in nodes]
        for number, client in enumerate(clients):
            first, last = SLOTS * number // NODES, SLOTS * (number + 1) // NODES - 1
            client.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
            client.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
        for client in clients[1:]:
            port = clients[0].connection_pool.connection_kwargs["port"]
            client.execute_command("CLUSTER MEET", "127.0.0.1", port, buses[0])
        for client in clients:
            eventually(lambda client=client: whole(client), 30, "the cluster is whole")
            client.close()
        yield nodes[0].url.replace("redis://", "redis+cluster://")


def whole(client: redis.Redis) -> bool:
    info: Any = client.execute_command("CLUSTER INFO")
    return info["cluster_state"] == "ok" and info["cluster_known_nodes"] == str(NODES)
