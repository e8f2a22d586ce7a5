-- Creates a player or renews what Telegram says of them; a language that they chose here stays.
-- KEYS: 1 player
-- ARGV: 1 first name  2 language
-- Returns nothing.
redis.call('HSETNX', KEYS[1], 'clicks', 0)
redis.call('HSET', KEYS[1], 'first_name', ARGV[1])
local chosen = (redis.call('HGET', KEYS[1], 'language') or ''):find('-x-chosen', 1, true)
if not chosen then redis.call('HSET', KEYS[1], 'language', ARGV[2]) end
