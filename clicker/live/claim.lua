-- Takes those whose turn it is, and those that asked; each belongs to the caller until it is settled or the lease ends.
-- KEYS: 1 zset due  2 zset asked  3 zset claimed: when the lease ends
-- ARGV: 1 now, ms  2 lease, ms  3 how many by turn  4 how many that asked  5 ms after which an ask is dropped
-- Returns {chats by turn, chats that asked (the newest ask first), ms at which the next may be claimed, or 'inf'}.
local now, lease = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2])
local turn, asked = {}, {}
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[5]))
local function take(chat, list)
  redis.call('ZADD', KEYS[1], 'XX', 'GT', lease, chat)
  redis.call('ZADD', KEYS[3], lease, chat)
  list[#list + 1] = chat
end
if tonumber(ARGV[4]) > 0 then
  for _, chat in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[2], now, '-inf', 'LIMIT', 0, ARGV[4])) do
    if redis.call('ZSCORE', KEYS[3], chat) then -- it asked while it is renewed: `settle` says when it may again
      redis.call('ZADD', KEYS[2], now + 1000, chat)
    else
      redis.call('ZREM', KEYS[2], chat)
      take(chat, asked)
    end
  end
end
if tonumber(ARGV[3]) > 0 then
  for _, chat in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])) do
    redis.call('ZREM', KEYS[2], chat)
    take(chat, turn)
  end
end
local next_ = 'inf'
for i = 1, 2 do
  local first = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')[2]
  if first and (next_ == 'inf' or tonumber(first) < tonumber(next_)) then next_ = first end
end
return {turn, asked, next_}
