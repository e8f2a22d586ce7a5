-- Takes the mark off sessions that have not changed since they were claimed; the others stay for the next flush.
-- KEYS: 1 dirty
-- ARGV: 1 prefix of session keys  then, for each session: id, state, sequence
-- Returns how many marks were taken off.
local released = 0
for i = 2, #ARGV, 3 do
  local session = redis.call('HMGET', ARGV[1] .. ARGV[i], 'state', 'sequence')
  if session[1] == ARGV[i + 1] and session[2] == ARGV[i + 2] then
    released = released + redis.call('SREM', KEYS[1], ARGV[i])
  end
end
return released
