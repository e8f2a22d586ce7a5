"""The Bot API: one file a subject, each method a function `(parts, parameters) -> result` under `@method`.

`edge.py` is the only place that knows HTTP; `registry.py` holds the methods by name with the parameters
they take. A method that the game's bot does not use is not here.
"""
