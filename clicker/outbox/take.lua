-- Takes one message's tokens out of all its buckets, or out of none.
-- A bucket is one number: the time at which it will be full again. It is empty when that lies `depth` intervals ahead.
-- KEYS: 1 pause  2 note that answers wait  3 rate of answers  4 the bot's bucket  5… further buckets
-- ARGV: 1 now, ms  2 lane  3 ms to stand back  4 ms over which the rate of answers is averaged
--       then for each bucket: ms a token, depth, what of it this lane may take
-- Returns {ms to wait, 1 if everyone has to wait}; {0, 0}: taken.
local now, lane = tonumber(ARGV[1]), tonumber(ARGV[2])
local paused = tonumber(redis.call('GET', KEYS[1]) or 0)
if paused > now then return {math.ceil(paused - now), 1} end
if lane > 0 and tonumber(redis.call('GET', KEYS[2]) or 0) > now then return {tonumber(ARGV[3]), 1} end

local full, longest, bot = {}, 0, 0
for i = 4, #KEYS do
  local token, depth = tonumber(ARGV[3 * i - 7]), tonumber(ARGV[3 * i - 5])
  full[i] = tonumber(redis.call('GET', KEYS[i]) or 0)
  local wait = full[i] - (depth - 1) * token - now
  if wait > 1 and wait > longest then longest = wait end -- a millisecond too early is in time
  if i == 4 then bot = longest end
end

if longest > 0 then
  local wait = math.ceil(longest)
  if bot > 0 and lane == 0 then
    local until_ = now + math.ceil(bot) + tonumber(ARGV[3])
    redis.call('SET', KEYS[2], until_, 'PX', math.ceil(bot) + tonumber(ARGV[3]))
  end
  return {wait, bot == longest and 1 or 0}
end

for i = 4, #KEYS do
  local token, depth = tonumber(ARGV[3 * i - 7]), tonumber(ARGV[3 * i - 6])
  redis.call('SET', KEYS[i], string.format('%.3f', math.max(full[i], now) + token),
    'PX', math.ceil(depth * token) + 1000)
end
if lane == 0 then
  local known = redis.call('HMGET', KEYS[3], 'per_s', 'at')
  local at, window = tonumber(known[2] or now), tonumber(ARGV[4])
  local per_s = tonumber(known[1] or 0) * math.exp((at - now) / window) + 1000 / window
  redis.call('HSET', KEYS[3], 'per_s', string.format('%.4f', per_s), 'at', math.max(at, now))
end
return {0, 0}
