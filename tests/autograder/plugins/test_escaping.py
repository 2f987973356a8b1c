from nbformat.v4 import new_notebook

from autograder.plugins import EscapedNames


def test_names_are_escaped_and_what_is_no_name_stays():
    given = {"first_name": '<img src="x">', "last_name": None, "student": "o'brien", "index": 3}
    notebook = new_notebook()
    made, resources = EscapedNames()(notebook, dict(given))
    assert made is notebook
    assert resources["first_name"] == "&lt;img src=&quot;x&quot;&gt;"
    assert resources["student"] == "o&#x27;brien"
    assert (resources["last_name"], resources["index"]) == (None, 3)


def test_the_exporter_of_formgraders_pages_escapes_them(a_class):
    preprocessors = a_class.course.config().HTMLExporter.preprocessors
    assert preprocessors == [f"autograder.plugins.{EscapedNames.__name__}"]
