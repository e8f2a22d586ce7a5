-- Counts one batch: all of it or nothing, once.
-- KEYS: 1 session  2 player  3 board  4 total  5 dirty  6 seen
-- ARGV: 1 player id  2 session id  3 delta  4 sequence  5 now, ms  6 taps per second  7 burst
--       8 clicks of all other shards  9 level of pace
-- Returns {0, what is in the way}: no_session, session_paused, blocked, username_required; nothing was changed.
--         {1, accepted, deferred, my clicks, global clicks}: counted now.
--         {2, stored answer or '', my clicks, global clicks, deferred}: a replay; nothing was changed.
-- The bucket: TAP_RATE tokens flow in per second up to TAP_BURST; a tap takes one. What does not fit is deferred.
-- A flagged player's rate is the `cap` in their hash, and the burst is smaller in proportion.
-- A clock that stepped back by over a minute starts the bucket's time anew, or it would stay dry until caught up.
local session = redis.call('HMGET', KEYS[1], 'player', 'state', 'sequence', 'answer', 'deferred')
if session[1] ~= ARGV[1] then return {0, 'no_session'} end
if session[2] ~= 'active' then return {0, session[2] == 'blocked' and 'blocked' or 'session_paused'} end

local player = redis.call('HMGET', KEYS[2], 'clicks', 'bucket', 'bucket_at', 'username', 'cap')
if not player[4] then return {0, 'username_required'} end
local clicks = tonumber(player[1])
local sequence, last = tonumber(ARGV[4]), tonumber(session[3])

if sequence <= last then
  local global = tonumber(redis.call('GET', KEYS[4]) or 0) + tonumber(ARGV[8])
  if sequence == last then
    return {2, session[4] or '', clicks, global, tonumber(session[5] or 0)}
  end
  return {2, '', clicks, global, 0}
end

local delta, now = tonumber(ARGV[3]), tonumber(ARGV[5])
local rate, burst = tonumber(ARGV[6]), tonumber(ARGV[7])
if player[5] then burst, rate = burst * player[5] / rate, tonumber(player[5]) end
local at = tonumber(player[3]) or now
if at - now > 60000 then at = now end
local bucket = math.min(burst, (tonumber(player[2]) or burst) + math.max(0, now - at) * rate / 1000)
local accepted = math.min(delta, math.floor(bucket))
local deferred = delta - accepted

local total
if accepted > 0 then
  clicks = clicks + accepted
  total = redis.call('INCRBY', KEYS[4], accepted)
  redis.call('ZADD', KEYS[3], clicks, ARGV[1])
else
  total = tonumber(redis.call('GET', KEYS[4]) or 0)
end
local global = total + tonumber(ARGV[8])
redis.call('HSET', KEYS[2], 'clicks', clicks, 'bucket', string.format('%.3f', bucket - accepted),
  'bucket_at', math.max(at, now))

-- The beat, for `anomalies`: sums over an eighth of the batches (a tap is not to wait for more), which is left
-- to the last bits of the clock. A pause of a minute begins it anew; a full one is put aside, in a key of this shard.
local gap = now - at
if gap > 60000 or (gap > 0 and now % 8 == 0) then
  local n, rapid, dry, taps, ms, energy, since = 0, 0, 0, 0, 0, 0, now
  local form = '%d %d %d %d %d %.6f %.0f'
  if gap <= 60000 then
    local beat = redis.call('HGET', KEYS[2], 'beat')
    if beat then
      n, rapid, dry, taps, ms, energy, since =
        string.match(beat, '(%d+) (%d+) (%d+) (%d+) (%d+) ([%d.]+) (%d+)')
    end
    n, taps, ms, energy = n + 1, taps + delta, ms + gap, energy + delta * delta / gap
    if gap < 100 then rapid = rapid + 1 end
    if deferred > 0 then dry = dry + 1 end
    if n >= 40 then
      redis.call('HSET', string.sub(KEYS[5], 1, -6) .. 'beats', ARGV[1],
        string.format(form .. ' %.0f', n, rapid, dry, taps, ms, energy, since, now))
      n, rapid, dry, taps, ms, energy = 0, 0, 0, 0, 0, 0
    end
  end
  redis.call('HSET', KEYS[2], 'beat', string.format(form, n, rapid, dry, taps, ms, energy, since))
end

redis.call('HSET', KEYS[1], 'sequence', ARGV[4], 'deferred', deferred, 'answer',
  string.format('%.0f %.0f %d %d %s %s', clicks, global, accepted, deferred, ARGV[9], ARGV[5]))
redis.call('SADD', KEYS[5], ARGV[2])
redis.call('ZADD', KEYS[6], ARGV[5], ARGV[2])
return {1, accepted, deferred, clicks, global}
