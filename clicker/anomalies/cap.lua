-- Counts fewer taps of a player, or as many as of everybody again; only if the player is there.
-- KEYS: 1 player
-- ARGV: 1 taps per second, or '' for everybody's rate
-- Returns 1 if the player is there.
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if ARGV[1] == '' then redis.call('HDEL', KEYS[1], 'cap') else redis.call('HSET', KEYS[1], 'cap', ARGV[1]) end
return 1
