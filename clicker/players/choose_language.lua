-- Keeps the language that a player chose, if there is such a player.
-- KEYS: 1 player
-- ARGV: 1 language, marked as chosen
-- Returns 1, or 0 if there is no such player.
if redis.call('HEXISTS', KEYS[1], 'clicks') == 0 then return 0 end
redis.call('HSET', KEYS[1], 'language', ARGV[1])
return 1
