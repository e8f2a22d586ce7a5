"""Players: who somebody is (Telegram's initData), what they are called, and their right to take it all away.

Usernames are unique in Postgres, which decides; the hot store keeps a copy beside the clicks. How often a player
tapped belongs to `taps`, how they rank to `leaderboard`.
"""
