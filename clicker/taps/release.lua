-- Takes the mark off sessions that have not changed since they were claimed; the others stay for the next flush.
-- KEYS: 1 dirty
-- ARGV: 1 prefix of session keys  then, for each session: id, state, sequence
-- Returns how many marks were taken off.
local unchanged, released = {}, 0
for i = 2, #ARGV, 3 do
  local session = redis.call('HMGET', ARGV[1] .. ARGV[i], 'state', 'sequence')
  if session[1] == ARGV[i + 1] and session[2] == ARGV[i + 2] then unchanged[#unchanged + 1] = ARGV[i] end
end
for i = 1, #unchanged, 1000 do
  released = released + redis.call('SREM', KEYS[1], unpack(unchanged, i, math.min(i + 999, #unchanged)))
end
return released
