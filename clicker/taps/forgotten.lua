-- Brings the part of deleted players in the total up to what Postgres remembers; a second time it adds nothing.
-- KEYS: 1 forgotten  2 total, both of shard 0
-- ARGV: 1 what Postgres remembers, less what the other shards hold of it
-- Returns how many clicks were added.
local missing = tonumber(ARGV[1]) - tonumber(redis.call('GET', KEYS[1]) or 0)
if missing <= 0 then return 0 end
redis.call('INCRBY', KEYS[1], missing)
redis.call('INCRBY', KEYS[2], missing)
return missing
