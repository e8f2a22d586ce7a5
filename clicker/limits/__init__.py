"""Limits: how many calls of a kind one player may make in a while, and whoever stays unknown by their address.

Taps are not counted here: they have a bucket of their own, in the tap script. How a limit follows the load is in
`rules.py`, the counting is the `limits` library's in `store.py`, and what to do when it can't count in `service.py`.
"""
