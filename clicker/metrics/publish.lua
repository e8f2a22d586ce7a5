-- Adds what a process has counted since it last told, once: a publication whose number is not greater than the
-- process's last one came before, and only its gauges are new.
-- KEYS: 1 counters  2 processes
-- ARGV: 1 process  2 number of the publication  3 its gauges, JSON  4… series, amount, series, amount …
-- Returns {counters, processes}, each as a flat list of fields and values.
local last = redis.call('HGET', KEYS[2], ARGV[1])
if not last or tonumber(ARGV[2]) > tonumber(string.match(last, '^%d+')) then
  for i = 4, #ARGV, 2 do
    redis.call('HINCRBYFLOAT', KEYS[1], ARGV[i], ARGV[i + 1])
  end
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
return {redis.call('HGETALL', KEYS[1]), redis.call('HGETALL', KEYS[2])}
