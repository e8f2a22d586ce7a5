-- Opens a session and meets the player.
-- KEYS: 1 ready  2 session  3 player  4 sessions of the player  5 seen  6 dirty  7 blocked  8 claimed
-- ARGV: 1 player id  2 session id  3 now, ms  4 first name  5 language  6 seconds to keep  7 shards
--       8 sessions remembered per player  9 prefix of session keys
-- The oldest sessions beyond those remembered go, unless Postgres has not seen them yet; it can give them back.
-- A language that the player chose here stays.
-- Returns {username, clicks, language}, nil if this shard has not been rebuilt from Postgres yet, or 'blocked'.
if redis.call('GET', KEYS[1]) ~= ARGV[7] then return false end
if redis.call('ZSCORE', KEYS[7], ARGV[1]) then return 'blocked' end
redis.call('HSETNX', KEYS[3], 'clicks', 0)
local language = redis.call('HGET', KEYS[3], 'language') or ''
if not language:find('-x-chosen', 1, true) then language = ARGV[5] end
redis.call('HSET', KEYS[3], 'first_name', ARGV[4], 'language', language)
redis.call('HSET', KEYS[2], 'player', ARGV[1], 'state', 'active', 'sequence', 0, 'opened', ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[6])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[2])
for _, old in ipairs(redis.call('ZRANGE', KEYS[4], 0, -1 - ARGV[8])) do
  if redis.call('SISMEMBER', KEYS[6], old) + redis.call('SISMEMBER', KEYS[8], old) == 0 then
    redis.call('DEL', ARGV[9] .. old)
    redis.call('ZREM', KEYS[4], old)
    redis.call('ZREM', KEYS[5], old)
  end
end
redis.call('EXPIRE', KEYS[4], ARGV[6])
redis.call('ZADD', KEYS[5], ARGV[3], ARGV[2])
redis.call('SADD', KEYS[6], ARGV[2])
local player = redis.call('HMGET', KEYS[3], 'username', 'clicks')
return {player[1] or '', tonumber(player[2]), language}
