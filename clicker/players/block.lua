-- Blocks a player: off the board, and none of their sessions counts a tap. A second time it changes nothing.
-- KEYS: 1 player  2 sessions of the player  3 board  4 blocked  5 seen  6 paused  7 dirty
-- ARGV: 1 player id  2 prefix of session keys (same slot)
-- Returns how many sessions were stopped.
redis.call('ZADD', KEYS[4], redis.call('HGET', KEYS[1], 'clicks') or 0, ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
local stopped = 0
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if redis.call('HGET', ARGV[2] .. id, 'player') == ARGV[1] then
    redis.call('HSET', ARGV[2] .. id, 'state', 'blocked')
    redis.call('ZREM', KEYS[5], id)
    redis.call('ZREM', KEYS[6], id)
    redis.call('SADD', KEYS[7], id)
    stopped = stopped + 1
  end
end
return stopped
