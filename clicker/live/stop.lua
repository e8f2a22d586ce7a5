-- A chat has no live message any more.
-- KEYS: 1 row  2 zset due  3 zset seen  4 zset asked  5 zset claimed  6 zset resting
-- ARGV: 1 chat  2 only if this is the live message (0: whichever is)
-- Returns the message_id that was live, or 0.
redis.call('ZREM', KEYS[6], ARGV[1] .. ':' .. ARGV[2])
local message = redis.call('HGET', KEYS[1], 'message')
if not message or (ARGV[2] ~= '0' and message ~= ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1])
for i = 2, 5 do redis.call('ZREM', KEYS[i], ARGV[1]) end
return tonumber(message)
