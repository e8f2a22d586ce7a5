-- Closes a session at the player's wish.
-- KEYS: 1 session  2 seen  3 paused  4 dirty
-- ARGV: 1 player id  2 session id
-- Returns 1, or 0 if there is no such session of this player.
if redis.call('HGET', KEYS[1], 'player') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'state', 'closed')
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('SADD', KEYS[4], ARGV[2])
return 1
