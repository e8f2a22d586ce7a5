-- Reads, in one moment, sessions that Postgres has not seen in their present form, with their players' counts.
-- All dirty sessions of a player are read together: a count that holds the taps of a batch whose sequence is not
-- written with it would let that batch count again after the hot store was lost.
-- Nothing is removed but the marks of sessions that no longer exist. The session and player keys are built here:
-- they bear this shard's tag, so they are in this slot.
-- KEYS: 1 dirty
-- ARGV: 1 how many at most, about  2 prefix of session keys  3 prefix of player keys  4 prefix of players' session lists
-- Returns a list of {session id, player id, state, sequence, deferred, opened, clicks, first name, language}.
local rows, seen = {}, {}

local function read(id)
  if seen[id] then return end
  seen[id] = true
  local session = redis.call('HMGET', ARGV[2] .. id, 'player', 'state', 'sequence', 'deferred', 'opened')
  local player = session[1]
    and redis.call('HMGET', ARGV[3] .. session[1], 'clicks', 'first_name', 'language')
  if player and player[1] then
    rows[#rows + 1] = {id, session[1], session[2], session[3], session[4] or '0', session[5] or '0',
      player[1], player[2] or '', player[3] or ''}
    return session[1]
  end
  redis.call('SREM', KEYS[1], id)
end

for _, id in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
  local player = read(id)
  if player then
    for _, other in ipairs(redis.call('ZRANGE', ARGV[4] .. player, 0, -1)) do
      if not seen[other] and redis.call('SISMEMBER', KEYS[1], other) == 1 then read(other) end
    end
  end
end
return rows
