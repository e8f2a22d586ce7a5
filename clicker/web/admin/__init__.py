"""The operator's pages at `/admin/`: the door, the pages behind it, and the queue's dashboard.

Registered only where ADMIN_PASSWORD is set. What the pages show and do is asked of the rooms' services.
"""
