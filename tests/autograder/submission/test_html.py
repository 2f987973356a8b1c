import pytest

from autograder.submission.html import MAX_DEPTH, MAX_HTML, MAX_TAGS, is_plain_html


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain text & more > less",
        "<b>bold</b> <br> <br/> <p>no end",
        '<table border="1" class="x"></table>'.replace(' class="x"', ""),
        "<table><tr><td>1<td>2<tr><th>3</table>",
        '<span style="color: #ff0000; width: 3.5%">x</span>',
        '<i style=" max-width:3px;border-left-color : rgba(1, 2, 3, .5) ;text-align:right;" lang=""></i>',
        '<b style=""></b>',
        '<b style="text-decoration: underline dotted; border-color: red; width: 5px"></b>',
        '<a href="https://example.org/a?b=1">x</a><a href="mailto:a@b.c">y</a><a href="#z">z</a>',
        '<img src="data:image/png;base64,AAAA+/=" alt="a" width="3">',
        r"<i>$\frac{1}{2}$</i>",
    ],
)
def test_text_with_listed_tags_and_attributes_is_plain(text):
    assert is_plain_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<b onclick='x'>b</b>",
        '<b onclick="x">b</b>',
        "<style>b {}</style>",
        '<span style="background: url(x)">x</span>',
        '<span style="POSITION: fixed">x</span>',
        '<span style="color: red; filter: blur(9px)">x</span>',
        '<span style="columns: 9">x</span>',
        '<span style="display: flex">x</span>',
        '<span style="background: red columns: 9">x</span>',
        '<span style="color">x</span>',
        '<span style="margin: -5px">x</span>',
        '<span style="border-image: linear-gradient(red, red) 1 / 9px / 900px">x</span>',
        '<span style="text-decoration: overline 900px">x</span>',
        '<span style="width: calc(1px)">x</span>',
        '<img src="https://example.org/a.png">',
        '<img src="data:image/svg+xml;base64,AAAA">',
        '<a href="javascript:x">x</a>',
        '<a href="https://a&amp;b">x</a>',
        "a < b",
        "<b>",
        "</b>",
        "</b><b>",
        "<b></i>",
        "<b><i></b>",
        r"<i>$\href{x}{y}$</i>",
        r"<i>$\&#104;ref{x}{y}$</i>",
        "{" * 41,
        "&#36;" * 1001,
    ],
)
def test_anything_else_is_not(text):
    assert not is_plain_html(text)


def test_it_is_no_longer_deeper_or_fuller_of_tags_than_a_page_bears():
    assert (MAX_HTML, MAX_TAGS, MAX_DEPTH) == (500_000, 20_000, 100)
    assert is_plain_html("x" * MAX_HTML)
    assert not is_plain_html("x" * (MAX_HTML + 1))
    assert is_plain_html("<br>" * MAX_TAGS)
    assert not is_plain_html("<br>" * (MAX_TAGS + 1))
    assert is_plain_html("<b>" * MAX_DEPTH + "</b>" * MAX_DEPTH)
    assert not is_plain_html("<b>" * (MAX_DEPTH + 1) + "</b>" * (MAX_DEPTH + 1))
    assert is_plain_html("<b>x</b>" * (MAX_DEPTH + 1))
