-- Lets go of the marks of a claim that is in Postgres now; what changed since has been marked anew. Those of another
-- claim stay: it took over the marks of this one.
-- KEYS: 1 dirty  2 claimed  3 claim
-- ARGV: 1 name of this claim  then: ids of sessions that were not written
-- Returns whether there was something to let go of.
if redis.call('GET', KEYS[3]) ~= ARGV[1] then return 0 end
for i = 2, #ARGV do redis.call('SADD', KEYS[1], ARGV[i]) end
redis.call('DEL', KEYS[3])
return redis.call('DEL', KEYS[2])
