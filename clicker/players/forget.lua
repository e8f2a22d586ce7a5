-- Removes a player from the hot store; the clicks stay in the total, under "forgotten". A blocked one stays blocked.
-- KEYS: 1 player  2 sessions  3 board  4 seen  5 paused  6 dirty  7 forgotten  8 blocked  9 forgetting
--       10 beats  11 traces
-- ARGV: 1 player id  2 prefix of session keys (same slot)  3 id of this deletion  4… sessions of theirs besides
-- Returns the player's clicks, 0 if there was no such player.
-- What was removed is noted under the deletion's id until Postgres has it too.
local clicks = tonumber(redis.call('HGET', KEYS[1], 'clicks') or 0)
if redis.call('EXISTS', KEYS[1], KEYS[2]) > 0 then
  redis.call('HSET', KEYS[9], ARGV[3], string.format('%s %d', ARGV[1], clicks))
end
local sessions = redis.call('ZRANGE', KEYS[2], 0, -1)
for i = 4, #ARGV do sessions[#sessions + 1] = ARGV[i] end
for _, session in ipairs(sessions) do
  redis.call('DEL', ARGV[2] .. session)
  redis.call('ZREM', KEYS[4], session)
  redis.call('ZREM', KEYS[5], session)
  redis.call('SREM', KEYS[6], session)
  redis.call('HDEL', KEYS[11], session)
end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('HDEL', KEYS[10], ARGV[1])
redis.call('ZADD', KEYS[8], 'XX', 0, ARGV[1])
if clicks > 0 then redis.call('INCRBY', KEYS[7], clicks) end
return clicks
