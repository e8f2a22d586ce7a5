"""The web process: the Flask app, who is asking, how answers and errors look, the live socket, health.

What the game does lives in the rooms; their `routes.py` use the parts of this folder and nothing here knows a rule.
"""
