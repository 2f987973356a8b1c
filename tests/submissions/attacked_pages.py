"""Whether what a student wrote would run in the browser of whoever looks at a page."""

import re

import bs4

RUNS_CODE = ["script", "iframe", "object", "embed", "form", "svg", "math", "template", "style", "noscript"]
ADDRESS = re.compile(r"\s*(java|vb)\s*script:", re.IGNORECASE)
# MathJax makes links of these once the page is loaded; it leaves code alone.
LINK = re.compile(r"\\href\s*\{\s*(java|vb)\s*script:", re.IGNORECASE)


def is_attacked(html):
    """Whether the page has an element, an event or an address that holds the payload and would run it."""
    if "PAYLOAD" not in html:  # to take a long page apart takes seconds
        return False
    soup = bs4.BeautifulSoup(html, "html.parser")
    values = [(name, str(value)) for tag in soup.find_all(True) for name, value in tag.attrs.items()]
    elements = [tag for tag in soup.find_all(RUNS_CODE) if "PAYLOAD" in str(tag)]
    events = [name for name, value in values if name.startswith("on") and "PAYLOAD" in value]
    addresses = [value for _, value in values if ADDRESS.match(value) and "PAYLOAD" in value]
    for code in soup.find_all("pre"):
        code.decompose()
    return bool(elements or events or addresses or LINK.search(soup.get_text()))
