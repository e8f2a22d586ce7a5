"""Names that somebody chose in order to do harm."""

EVIL = {
    "script": "<script>window.pwned=1</script>",
    "image": "<img src=x onerror=window.pwned=1>",
    "attribute": '"><b data-evil="1" onclick=window.pwned=1>',
    "telegram": '<a href="tg://user?id=1">free</a><tg-spoiler>x</tg-spoiler>',
    "turned": "\u202eecila\u2066\u200f",
    "emoji": "😀👩‍👩‍👧\ufe0f",
    "sql": "'; DROP TABLE player; --",
    "template": "{{7*7}}${7*7}%(name)s%s",
    "lines": "a\r\nSet-Cookie: x=1\n[error] all is lost \x1b[31m",
    "long": "x" * 10_000,
}
