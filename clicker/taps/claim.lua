-- Reads, in one moment, sessions that Postgres has not seen in their present form, with their players' counts.
-- Nothing is removed but the marks of sessions that no longer exist. The session and player keys are built here:
-- they bear this shard's tag, so they are in this slot.
-- KEYS: 1 dirty
-- ARGV: 1 how many at most  2 prefix of session keys  3 prefix of player keys
-- Returns a list of {session id, player id, state, sequence, deferred, opened, clicks, first name, language}.
local rows = {}
for _, id in ipairs(redis.call('SRANDMEMBER', KEYS[1], ARGV[1])) do
  local session = redis.call('HMGET', ARGV[2] .. id, 'player', 'state', 'sequence', 'deferred', 'opened')
  local player = session[1]
    and redis.call('HMGET', ARGV[3] .. session[1], 'clicks', 'first_name', 'language')
  if player and player[1] then
    rows[#rows + 1] = {id, session[1], session[2], session[3], session[4] or '0', session[5] or '0',
      player[1], player[2] or '', player[3] or ''}
  else
    redis.call('SREM', KEYS[1], id)
  end
end
return rows
