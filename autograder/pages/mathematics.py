"""TeX to MathML, which browsers show without a script and without the network."""

from __future__ import annotations

import html
import xml.etree.ElementTree as ET

from latex2mathml.converter import convert_to_element
from markupsafe import Markup

from autograder.remembered import remembered

LONGEST = 4000
# Students write mathematics too: nothing is kept that could hold an address, an event or a style.
_ELEMENTS = """
math menclose mfenced mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup
mtable mtd mtext mtr munder munderover
"""
_ATTRIBUTES = """
accent columnalign columnlines columnspacing depth display displaystyle fence form height linethickness lspace
mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace scriptlevel separator stretchy
symmetric width xmlns
"""
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"


def mathml(tex: str, *, block: bool) -> Markup:
    """The formula as MathML; as TeX, in a code element, where it is not understood."""
    return _shown(tex, block)


@remembered(4096)  # the formulas of a class are mostly the notebook's
def _shown(tex: str, block: bool) -> Markup:
    if len(tex) <= LONGEST:
        try:
            root = convert_to_element(tex, display="block" if block else "inline")
            _clean(root)
            return Markup(ET.tostring(root, encoding="unicode"))
        except Exception:  # whatever a student's formula does to the converter, its TeX can be read
            pass
    return Markup("<pre>{}</pre>" if block else "<code>{}</code>").format(tex)


def _clean(element: ET.Element) -> None:
    name = element.tag.removeprefix(_NAMESPACE)
    if name not in _ELEMENTS.split():
        raise ValueError(f"{name} has no place in a formula")
    for attribute in [key for key in element.attrib if key not in _ATTRIBUTES.split()]:
        del element.attrib[attribute]
    # The converter leaves its own symbols as entities in the text; the serialiser escapes what they become.
    element.text = html.unescape(element.text) if element.text else element.text
    for child in element:
        _clean(child)
