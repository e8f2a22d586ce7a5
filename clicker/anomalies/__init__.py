"""Anomalies: who taps like a robot.

The tap script adds an eighth of all batches to a few sums in the player's own hash (`taps/tap.lua`), and puts a full
window of them aside. A job judges the windows by pure rules; whoever goes on like that is flagged: their taps are
counted at a lower rate, what does not fit is deferred as ever, and an operator sees why. Nothing acknowledged is lost.
"""
