"""How the board and the figures of the service were, minute by minute; what is old is thinned to one an hour.

`board_place` holds no usernames: they belong to the players, who may change or delete them.
"""

UP = """
CREATE TABLE board (at timestamp PRIMARY KEY, global_clicks bigint NOT NULL);
CREATE TABLE board_place (
    at timestamp NOT NULL REFERENCES board ON DELETE CASCADE,
    player_id bigint NOT NULL,
    rank integer NOT NULL,
    clicks bigint NOT NULL,
    PRIMARY KEY (at, player_id)
);
CREATE INDEX board_place_player_id ON board_place (player_id, at);
CREATE TABLE figures (at timestamp PRIMARY KEY, series jsonb NOT NULL);
"""


def up(migrator, db):
    db.execute_sql(UP)


def down(migrator, db):
    db.execute_sql("DROP TABLE figures, board_place, board")
