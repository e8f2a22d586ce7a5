"""The scenes of the private conversation, one file each. `registry.py` is the map of how they hang together.

A scene speaks when it is entered, handles its own buttons and its own kind of input, and has an answer to anything
else. What works everywhere (the commands, buttons of the main message) is in `clicker/bot/commands.py`, before them.
"""
