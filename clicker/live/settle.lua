-- What was claimed is done: it is shown as it is now, and its next turn is set.
-- KEYS: 1 row  2 zset due  3 zset asked  4 zset claimed
-- ARGV: 1 chat  2 message_id  3 digest  4 shown, ms  5 due, ms  6 phase  7 clicks  8 when a waiting ask is heard, ms
-- Returns 1, or 0 if another message is the live one meanwhile: then nothing was changed.
if redis.call('HGET', KEYS[1], 'message') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'digest', ARGV[3], 'shown', ARGV[4], 'phase', ARGV[6], 'clicks', ARGV[7])
redis.call('ZADD', KEYS[2], 'XX', ARGV[5], ARGV[1])
redis.call('ZADD', KEYS[3], 'XX', ARGV[8], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
return 1
