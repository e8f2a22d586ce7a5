-- A sign of life without taps.
-- KEYS: 1 session  2 seen
-- ARGV: 1 player id  2 session id  3 now, ms  4 seconds to keep
-- Returns the session's state, or nil if there is no such session of this player.
local session = redis.call('HMGET', KEYS[1], 'player', 'state')
if session[1] ~= ARGV[1] then return false end
if session[2] == 'active' then
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
  redis.call('EXPIRE', KEYS[1], ARGV[4])
end
return session[2]
