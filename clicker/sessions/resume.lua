-- A paused or closed session goes on; an active one just shows a sign of life.
-- KEYS: 1 session  2 player  3 seen  4 paused  5 dirty  6 sessions of the player  7 blocked
-- ARGV: 1 player id  2 session id  3 now, ms  4 seconds to keep
-- Returns {username, clicks, sequence, deferred of that sequence, language}, nil if there is no such session of this
-- player, or 'blocked'.
local session = redis.call('HMGET', KEYS[1], 'player', 'state', 'sequence', 'deferred')
if session[1] ~= ARGV[1] then return false end
if redis.call('ZSCORE', KEYS[7], ARGV[1]) then return 'blocked' end
if session[2] ~= 'active' then
  redis.call('HSET', KEYS[1], 'state', 'active')
  redis.call('ZREM', KEYS[4], ARGV[2])
  redis.call('SADD', KEYS[5], ARGV[2])
end
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('ZADD', KEYS[6], ARGV[3], ARGV[2])
redis.call('EXPIRE', KEYS[6], ARGV[4])
local player = redis.call('HMGET', KEYS[2], 'username', 'clicks', 'language')
return {player[1] or '', tonumber(player[2] or 0), tonumber(session[3]), tonumber(session[4] or 0),
  player[3] or ''}
