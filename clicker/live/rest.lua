-- Takes messages that were live and have not said yet that they stand still; each is the caller's until the lease ends.
-- KEYS: 1 zset resting
-- ARGV: 1 now, ms  2 lease, ms  3 how many
-- Returns them as `chat:message`.
local found = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, message in ipairs(found) do redis.call('ZADD', KEYS[1], tonumber(ARGV[1]) + tonumber(ARGV[2]), message) end
return found
