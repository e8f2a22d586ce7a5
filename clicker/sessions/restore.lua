-- Puts back a session that the hot store has lost, as Postgres remembers it; never overwrites one that is there.
-- KEYS: 1 session  2 sessions of the player  3 seen  4 ready  5 blocked
-- ARGV: 1 player id  2 session id  3 state  4 sequence  5 deferred  6 opened, ms  7 now, ms  8 seconds to keep
--       9 shards
-- Returns 1 if the session is there now, 0 if the shard has not been rebuilt yet.
if redis.call('GET', KEYS[4]) ~= ARGV[9] then return 0 end
if redis.call('EXISTS', KEYS[1]) == 1 then return 1 end
local state = ARGV[3]
if redis.call('ZSCORE', KEYS[5], ARGV[1]) then state = 'blocked' elseif state == 'blocked' then state = 'paused' end
redis.call('HSET', KEYS[1], 'player', ARGV[1], 'state', state, 'sequence', ARGV[4], 'deferred', ARGV[5],
  'opened', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[8])
redis.call('ZADD', KEYS[2], ARGV[6], ARGV[2])
if state == 'active' then redis.call('ZADD', KEYS[3], ARGV[7], ARGV[2]) end
return 1
