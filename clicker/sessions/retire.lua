-- Moves a session on to `paused` or `closed` if it gave no sign of life since a given time.
-- KEYS: 1 session  2 zset it is in  3 zset it goes to, if it goes to one  4 dirty
-- ARGV: 1 session id  2 only if its time is not after this, ms  3 new state  4 now, ms
-- Returns the player's id if it moved, 0 otherwise.
local at = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not at or tonumber(at) > tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
local player = redis.call('HGET', KEYS[1], 'player')
if not player then return 0 end
redis.call('HSET', KEYS[1], 'state', ARGV[3])
if ARGV[3] == 'paused' then redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1]) end
redis.call('SADD', KEYS[4], ARGV[1])
return tonumber(player)
