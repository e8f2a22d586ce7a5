"""Pace: how loaded the service is, and the intervals that every client follows from it.

Every web process puts a sample into the hot store once a second; whoever does so also reads the others', decides by
the rules and publishes one level for everyone. What each room does at a level is that room's business.
"""
