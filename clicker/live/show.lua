-- A message becomes its chat's live message.
-- KEYS: 1 row  2 zset due  3 zset seen  4 zset asked  5 zset claimed  6 zset resting
-- ARGV: 1 chat  2 message_id  3 digest  4 now, ms  5 due, ms  6 phase  7 clicks  8 seconds to keep
-- Returns the message_id that was live before, or 0. That one has to say so: it is noted until it has.
local before = redis.call('HGET', KEYS[1], 'message')
redis.call('ZREM', KEYS[6], ARGV[1] .. ':' .. ARGV[2])
if before and before ~= ARGV[2] then redis.call('ZADD', KEYS[6], ARGV[4], ARGV[1] .. ':' .. before) end
redis.call('HSET', KEYS[1], 'message', ARGV[2], 'digest', ARGV[3], 'shown', ARGV[4], 'phase', ARGV[6],
  'clicks', ARGV[7])
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('ZADD', KEYS[2], ARGV[5], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
for i = 4, 5 do redis.call('ZREM', KEYS[i], ARGV[1]) end
return tonumber(before or 0)
