"""Pace: how loaded the service is, and the intervals that every client follows from it.

Rules hold the table of levels; the service tells the level in force. It does not decide what others drop.
"""
