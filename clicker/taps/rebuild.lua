-- Puts players back as Postgres remembers them, never lowering a count; safe at any time and any number of times.
-- A username that is here is newer than what was read there, and stays.
-- A blocked player stays off the board.
-- KEYS: 1 board  2 total  3 blocked
-- ARGV: 1 prefix of player keys  then, for each player: id, clicks, username, first name, language
-- Returns how many clicks were added to the total.
local added = 0
for i = 2, #ARGV, 5 do
  local key = ARGV[1] .. ARGV[i]
  local here = tonumber(redis.call('HGET', key, 'clicks') or 0)
  local clicks = math.max(here, tonumber(ARGV[i + 1]))
  redis.call('HSET', key, 'clicks', clicks, 'first_name', ARGV[i + 3], 'language', ARGV[i + 4])
  if ARGV[i + 2] ~= '' then redis.call('HSETNX', key, 'username', ARGV[i + 2]) end
  if redis.call('ZSCORE', KEYS[3], ARGV[i]) then
    redis.call('ZADD', KEYS[3], clicks, ARGV[i])
  elseif clicks > 0 then
    redis.call('ZADD', KEYS[1], clicks, ARGV[i])
  end
  added = added + clicks - here
end
if added > 0 then redis.call('INCRBY', KEYS[2], added) end
return added
