-- Lets a blocked player play again: back on the board; their sessions are paused and go on when they come back.
-- KEYS: 1 player  2 sessions of the player  3 board  4 blocked  5 paused  6 dirty
-- ARGV: 1 player id  2 prefix of session keys (same slot)  3 now, ms
-- Returns nothing.
redis.call('ZREM', KEYS[4], ARGV[1])
local clicks = tonumber(redis.call('HGET', KEYS[1], 'clicks') or 0)
if clicks > 0 then redis.call('ZADD', KEYS[3], clicks, ARGV[1]) end
for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  if redis.call('HGET', ARGV[2] .. id, 'state') == 'blocked' then
    redis.call('HSET', ARGV[2] .. id, 'state', 'paused')
    redis.call('ZADD', KEYS[5], ARGV[3], id)
    redis.call('SADD', KEYS[6], id)
  end
end
