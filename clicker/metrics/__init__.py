"""Metrics: the figures of the whole service, merged from all processes, for Prometheus and for the operator's page.

Rooms keep plain numbers and know nothing of this one; here they are read once a second and told to the hot store.
What an alert or a page makes of them is not here.
"""
