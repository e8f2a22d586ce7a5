-- Takes windows that are full.
-- KEYS: 1 beats
-- ARGV: 1 how many at most
-- Returns a list of player id, window, player id, window …
local taken = redis.call('HRANDFIELD', KEYS[1], ARGV[1], 'WITHVALUES')
for i = 1, #taken, 2 do redis.call('HDEL', KEYS[1], taken[i]) end
return taken
