-- Opens a session and meets the player.
-- KEYS: 1 ready  2 session  3 player  4 sessions of the player  5 seen  6 dirty
-- ARGV: 1 player id  2 session id  3 now, ms  4 first name  5 language  6 seconds to keep  7 shards
--       8 sessions remembered per player
-- Returns {username, clicks}, or nil if this shard has not been rebuilt from Postgres yet.
if redis.call('GET', KEYS[1]) ~= ARGV[7] then return false end
redis.call('HSETNX', KEYS[3], 'clicks', 0)
redis.call('HSET', KEYS[3], 'first_name', ARGV[4], 'language', ARGV[5])
redis.call('HSET', KEYS[2], 'player', ARGV[1], 'state', 'active', 'sequence', 0, 'opened', ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[6])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -1 - ARGV[8])
redis.call('EXPIRE', KEYS[4], ARGV[6])
redis.call('ZADD', KEYS[5], ARGV[3], ARGV[2])
redis.call('SADD', KEYS[6], ARGV[2])
local player = redis.call('HMGET', KEYS[3], 'username', 'clicks')
return {player[1] or '', tonumber(player[2])}
