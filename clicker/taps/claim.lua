-- Takes up sessions that Postgres has not seen in their present form, and reads them with their players' counts in one
-- moment. Their marks are kept aside, before anything else is done, until they are released; those of a flush that
-- died are marks again.
-- All dirty sessions of a player are read together: a count that holds the taps of a batch whose sequence is not
-- written with it would let that batch count again after the hot store was lost.
-- The session and player keys are built here: they bear this shard's tag, so they are in this slot.
-- KEYS: 1 dirty  2 claimed  3 claim
-- ARGV: 1 name of this call  2 how many at most, about  3 prefix of session keys  4 prefix of player keys
--       5 prefix of players' session lists
-- Returns one flat list, for a table per session would cost as much as reading it. First the claim's name, which is
-- another one when the call is repeated; then nine values for each session that still exists: session id, player id,
-- state, sequence, deferred, opened, clicks, first name, language.
local call = redis.call
local name = ARGV[1] .. table.concat(call('TIME'), '.')
local values, n, at = {name}, 1, 0

local function add(key, ids)
  for i = 1, #ids, 1000 do call('SADD', key, unpack(ids, i, math.min(i + 999, #ids))) end
end

local left = call('SMEMBERS', KEYS[2])
call('DEL', KEYS[2])
add(KEYS[1], left)
local ids = call('SPOP', KEYS[1], ARGV[2])
if #ids == 0 then return values end
add(KEYS[2], ids)
call('SET', KEYS[3], name)

while at < #ids do
  at = at + 1
  local session = call('HMGET', ARGV[3] .. ids[at], 'player', 'state', 'sequence', 'deferred', 'opened')
  local player = session[1] and call('HMGET', ARGV[4] .. session[1], 'clicks', 'first_name', 'language')
  if player and player[1] then
    values[n + 1], values[n + 2], values[n + 3] = ids[at], session[1], session[2]
    values[n + 4], values[n + 5], values[n + 6] = session[3], session[4] or '0', session[5] or '0'
    values[n + 7], values[n + 8], values[n + 9] = player[1], player[2] or '', player[3] or ''
    n = n + 9
    for _, other in ipairs(call('ZRANGE', ARGV[5] .. session[1], 0, -1)) do
      if other ~= ids[at] and call('SMOVE', KEYS[1], KEYS[2], other) == 1 then ids[#ids + 1] = other end
    end
  end
end
return values
