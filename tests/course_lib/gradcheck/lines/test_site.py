"""What a site says: what its value is computed from and by how much, and what is taken as it is."""

import ast

import pytest

from course_lib.gradcheck.lines.site import Site, container_of, facts_of, name_of, names_read
from tests.course_lib.gradcheck.lines.probing import about, sites, straight


def test_a_site_says_what_is_read_and_how_many_nodes_compute():
    assert about(straight, 2) == ({"x", "w"}, 3)
    assert about(straight, 3) == ({"h"}, 1)
    assert about(straight, 4) == ({"h", "b"}, 3)
    assert about(straight, 5) == ({"y"}, 1)
    assert about(straight, 6) == (set(), 1)
    assert about(straight, 9) == ({"z"}, 1)


def unpacking(cache, i):
    x, w = cache
    a = cache[0]
    b = cache["b"]
    c = cache[i]
    d, e = cache[0], cache[1]
    f = cache.shape[0]
    g = cache[0] + 1
    return x, w, a, b, c, d, e, f, g


def test_what_is_taken_out_as_it_is_unpacks():
    found = {
        (name, "unpacks" in flags) for line, name, kind, _, flags in sites(unpacking) if kind == "assigned"
    }
    assert found == {
        ("x", False),
        ("w", False),
        ("a", True),
        ("b", True),
        ("c", False),
        ("d", True),
        ("e", True),
        ("f", False),
        ("g", False),
    }


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("x + cache['w'] * self.b", {"x", "cache", "w", "self", "b"}),
        ("other.b[i]", {"other", "i"}),
        ("cache[3]", {"cache"}),
        ("(y := x)", {"x"}),
    ],
)
def test_names_read_are_variables_attributes_of_self_and_constant_keys(text, read):
    assert set(names_read(ast.parse(text))) == read


@pytest.mark.parametrize(
    ("text", "name", "container"),
    [
        ("x", "x", ""),
        ("self.w", "w", ""),
        ("grads['w']", "w", "grads"),
        ("x[0]", None, ""),
        ("x[i]", None, ""),
    ],
)
def test_a_target_is_called_by_its_variable_attribute_or_constant_key(text, name, container):
    target = ast.parse(text, mode="eval").body
    assert (name_of(target), container_of(target)) == (name, container)


@pytest.mark.parametrize(
    ("text", "divides", "unpacks", "weight"),
    [
        ("x / w", True, False, 3),
        ("x * w", False, False, 3),
        ("(x, y)", False, False, 3),
        ("()", False, False, 1),
        ("(cache[0], self.w)", False, True, 6),
        ("np.array(self.w)", False, True, 5),
        ("np.asarray(cache)", False, True, 4),
        ("np.array([1, 2])", False, False, 6),
        ("np.array()", False, False, 3),
        ("np.sqrt(cache)", False, False, 4),
        ("array(cache)", False, False, 3),
        ("self.a.b", False, True, 3),
        ("layers[0].dw", False, True, 4),
        ("layers[i].dw", False, False, 4),
        ("f(x).dw", False, False, 4),
        ("dw.T", False, False, 2),
        ("f(x)[0]", False, False, 5),
        ("(cache[k] for k in names)", False, True, 6),
        ("[self.cache[k] for k in names]", False, True, 7),
        ("[cache[k] * 2 for k in names]", False, False, 8),
    ],
)
def test_what_an_expression_does_last_and_whether_it_only_takes_values_out(text, divides, unpacks, weight):
    facts = facts_of(ast.parse(text, mode="eval").body)
    assert (facts["divides"], facts["unpacks"], facts["weight"]) == (divides, unpacks, weight)


def test_what_is_not_said_of_a_site_is_nothing():
    site = Site(3, "f", 1, "x", "used")
    assert (site.reads, site.container, site.weight) == (frozenset(), "", 0)
    assert not any((site.plain, site.divides, site.part, site.attribute, site.unpacks))


@pytest.mark.parametrize(
    ("text", "gathers"),
    [
        ("np.stack([a, b])", True),
        ("np.concatenate((a, b), axis=1)", True),
        ("np.stack([a])", False),
        ("np.stack([a, 2 * b])", True),
        ("np.stack([a, 2])", False),
        ("np.stack(a)", False),
        ("np.mean([a, b])", False),
        ("stack([a, b])", False),
    ],
)
def test_a_site_gathers_where_several_values_become_one_array(text, gathers):
    assert facts_of(ast.parse(text, mode="eval").body)["gathers"] is gathers


@pytest.mark.parametrize(
    ("known", "under_key", "keeps"),
    [
        ({"name": "x", "container": "cache"}, True, True),
        ({"name": "[1]", "container": "out"}, False, True),
        ({"name": "[0]", "container": "out"}, False, False),
        ({"name": "x", "container": "cache", "kind": "used"}, True, False),
        ({"name": "x", "attribute": True}, False, True),
        ({"name": "x"}, False, False),
    ],
)
def test_what_a_site_keeps_and_under_what(known, under_key, keeps):
    where = Site(**{"number": 1, "function": "f", "line": 2, "kind": "assigned", **known})
    assert (where.under_key, where.keeps) == (under_key, keeps)
