-- Takes those whose turn it is; each belongs to the caller until the lease ends.
-- KEYS: 1 zset due  2 zset asked
-- ARGV: 1 now, ms  2 lease, ms  3 how many by turn  4 how many that asked  5 ms after which an ask is dropped
-- Returns {chats by turn, chats that asked, the newest ask first}.
local now = tonumber(ARGV[1])
local turn, asked = {}, {}
if tonumber(ARGV[3]) > 0 then
  turn = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])
end
for _, chat in ipairs(turn) do
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), chat)
  redis.call('ZREM', KEYS[2], chat)
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[5]))
if tonumber(ARGV[4]) > 0 then
  asked = redis.call('ZREVRANGEBYSCORE', KEYS[2], now, '-inf', 'LIMIT', 0, ARGV[4])
end
for _, chat in ipairs(asked) do redis.call('ZREM', KEYS[2], chat) end
return {turn, asked}
