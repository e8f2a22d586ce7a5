"""Underscore's templates as plain functions, so that a page that uses them needs no `eval`."""

import json
import re

_TEMPLATE = re.compile(r'<script name="[\w-]+" type="text/template">(.*?)</script>', re.DOTALL)
_MARK = re.compile(r"<%([=-]?)(.*?)%>", re.DOTALL)
_ESCAPED = "$('<div/>').text("
"""How a template escapes by itself."""


def functions(html: str) -> str:
    """A script that gives `_.template` the functions of all templates in a page, by their texts.

    `<%= %>`, which does not escape, escapes here too, unless what it shows was escaped before.
    """
    made = ",\n".join(f"{_quoted(text)}: {_function(text)}" for text in _TEMPLATE.findall(html))
    return (
        f"_.template = (function (made) {{ return function (text) {{ return made[text]; }}; }})({{{made}}});"
    )


def _function(template: str) -> str:
    code, end = ["function (d) { var p = ''; with (d || {}) {"], 0
    for mark in _MARK.finditer(template):
        code.append(f"p += {_quoted(template[end : mark.start()])};")
        kind, inner = mark[1], mark[2].strip()
        shown = kind and not (kind == "=" and inner.startswith(_ESCAPED))
        code.append(f"p += _.escape({inner});" if shown else f"p += {inner};" if kind else inner)
        end = mark.end()
    code.append(f"p += {_quoted(template[end:])}; }} return p; }}")
    return "\n".join(code)


def _quoted(text: str) -> str:
    return json.dumps(text).replace("<", "\\u003c")
