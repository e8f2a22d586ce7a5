"""HTML to entities, without a server."""

import pytest
from aiogram.types import MessageEntity
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import ApiError
from sandbox.markup import utf16_length
from sandbox.texts import formatted


def parsed(source):
    text, entities = formatted(source, "HTML")
    return text, [(entity["type"], entity["offset"], entity["length"]) for entity in entities]


def test_offsets_count_utf16_units():
    assert parsed("🎉 <b>жирный</b>") == ("🎉 жирный", [("bold", 3, 6)])


def test_nested_tags_become_nested_entities_outer_first():
    assert parsed("<b>a<i>b</i></b>") == ("ab", [("bold", 0, 2), ("italic", 1, 1)])


def test_references_are_decoded_and_other_ampersands_stay():
    assert parsed("&lt;a&gt; &amp; &quot; &#33; &#x41; &nbsp; & b")[0] == '<a> & " ! A &nbsp; & b'


def test_code_inside_pre_gives_one_block_with_its_language():
    _, entities = formatted('<pre><code class="language-python">x = 1</code></pre>', "HTML")
    assert entities == [{"type": "pre", "offset": 0, "length": 5, "language": "python"}]


def test_links_mentions_quotes_and_spoilers():
    source = (
        '<a href="https://example.org/?a=1&amp;b=2">x</a> <a href="tg://user?id=7">Bob</a> '
        '<blockquote expandable>q</blockquote> <span class="tg-spoiler">s</span>'
    )
    _, entities = formatted(source, "html")
    assert [entity["type"] for entity in entities] == [
        "text_link",
        "text_mention",
        "expandable_blockquote",
        "spoiler",
    ]
    assert entities[0]["url"] == "https://example.org/?a=1&b=2"
    assert entities[1]["user"]["id"] == 7


def test_space_around_the_text_is_cut_and_entities_follow():
    assert parsed("\n  <b> hi</b> \n") == ("hi", [("bold", 0, 2)])


def test_commands_links_and_hashtags_are_found_but_not_inside_code():
    assert parsed("/top https://example.org/a. #clicks <code>/no #no</code>")[1] == [
        ("bot_command", 0, 4),
        ("url", 5, 21),
        ("hashtag", 28, 7),
        ("code", 36, 7),
    ]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("é <", "Unclosed start tag at byte offset 3"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_in_telegrams_words(source, complaint):
    with pytest.raises(ApiError) as refused:
        formatted(source, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


pieces = st.sampled_from(
    ["<b>", "</b>", "<a href='x.y'>", "</a>", "<", ">", "&lt;", "&", '"', "🎉", "a", " ", "/top"]
)


@given(st.one_of(st.text(), st.lists(pieces).map("".join)))
def test_any_text_gives_valid_entities_or_a_bad_request(source):
    try:
        text, entities = formatted(source, "HTML")
    except ApiError:
        return
    for entity in entities:
        MessageEntity.model_validate(entity)
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)
