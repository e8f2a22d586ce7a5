"""Taps: counting batches so that an acknowledged tap is never lost and never counted twice.

One Lua script counts a batch in the hot store; the flush copies absolute counts into Postgres; the rebuild is the
way back. Whether a session may tap is read here but decided by `sessions`.
"""
