"""A gradebook of Canvas's, however it was saved; and whose each row is, where that is sure."""

import pytest

from autograder.errors import CourseError
from autograder.exports.roster import Roster, blank_row, no_roster, read_roster
from autograder.exports.standing import Person

HEADER = "Student,ID,SIS User ID,SIS Login ID,Section,01_Square (4711) ,Current Score"
ADA, EVE = Person("ada", "Ada", "King", "ada@uni.example"), Person("eve")


@pytest.fixture
def roster(tmp_path):
    """Reads a roster of these lines."""

    def read(*lines, encoding="utf-8", end="\n"):
        (tmp_path / "r.csv").write_bytes(end.join([*lines, ""]).encode(encoding))
        return read_roster(tmp_path / "r.csv")

    return read


@pytest.fixture
def placed(roster):
    """Whose the rows are by their number, who has none, and who could be several, by ids."""

    def place(lines, *students, header=HEADER):
        placing = roster(header, *lines).place(students)
        unsure = {name: [who.id for who in people] for name, people in placing.unsure.items()}
        owners = {index: who.id for index, who in placing.owners.items()}
        return owners, [who.id for who in placing.strangers], unsure

    return place


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_roster_is_read_as_it_was_saved_with_the_rows_of_students_alone(roster, encoding, end, delimiter):
    other = ";" if delimiter == "," else ","
    lines = [
        HEADER.replace(",", delimiter),
        delimiter.join(["", "", "", "", "", "Manual Posting"]),
        "",
        delimiter.join(['"    Points Possible"', "", "", "", "", "100"]),
        delimiter.join(['"K\u00edng, ""Ada"""', "0101", "-7", "ada", f'"G{other * 30}"', "7"]),
        delimiter.join(["Eve", "102"]),
    ]
    found = roster(*lines, encoding=encoding, end=end)
    assert found.headers == ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    assert found.rows == (
        ('K\u00edng, "Ada"', "0101", "-7", "ada", "G" + other * 30),
        ("Eve", "102", "", "", ""),
    )
    assert found.title("01_sQUARE") == "01_Square (4711)"
    assert [found.title(name) for name in ("02_cube", "section")] == ["02_cube", "section"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"name,grade\nada,1\n", "no columns Student, ID, Section"),
        (b"\n", "no columns Student, ID, Section"),
        (b"Name,Student,ID,Section\n", "Student does not come first, or ID after Section"),
        (b"Student,Section,ID\n", "Student does not come first, or ID after Section"),
        ("Student,ID,Section\nÄda,1,G\n".encode("latin-1"), "it is not UTF-8 text; save it as that"),
        (b'Student,ID,Section\n"Ada" King,1,G\n', r"cannot be read as a roster: ',' expected after '\"'"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_in_a_sentence(tmp_path, text, says):
    (tmp_path / "r.csv").write_bytes(text)
    with pytest.raises(CourseError, match=rf"r\.csv .*{says}$"):
        read_roster(tmp_path / "r.csv")
    with pytest.raises(
        CourseError, match=r"none\.csv cannot be read as a roster: No such file or directory$"
    ):
        read_roster(tmp_path / "none.csv")


def test_a_row_is_found_by_the_login_first_and_then_by_what_else_names_a_student(placed):
    lines = ["A,1,S1,x,G", "B,2,eve,y,G", "C,3,S3,EVE,G", "D,4,S4, ADA@uni.example ,G"]
    assert placed(lines, ADA, EVE) == ({2: "eve", 3: "ada"}, [], {})
    assert placed(lines, Person("s1"), Person("2"), Person("zoe")) == ({0: "s1", 1: "2"}, ["zoe"], {})
    assert placed([",,,ada,G", "A,1,S1,,G"], Person("", email="s1")) == ({0: ""}, [], {})


def test_the_id_counts_before_the_address(placed):
    assert placed(["A,1,,ada@uni.example,G", "B,2,,ada,G"], ADA) == ({1: "ada"}, [], {})


def test_a_login_may_differ_by_a_domain_but_not_by_two(placed):
    assert placed(["Eve,1,,EVE@uni.example,G"], EVE) == ({0: "eve"}, [], {})
    hal = Person("hal@uni.example")
    assert placed(["Hal,1,,hal,G", "Ian,2,,hal@b.example,G"], hal) == ({0: hal.id}, [], {})
    assert placed(["Ian,2,,hal@b.example,G"], hal) == ({}, [hal.id], {})
    assert placed(["Eve,1,eve@uni.example,x,G"], EVE) == ({0: "eve"}, [], {})


def test_what_one_student_has_by_the_id_itself_is_nobody_elses_by_a_domain(placed):
    whole = Person("eve@uni.example")
    assert placed(["Eve,1,,eve@uni.example,G"], EVE, whole) == ({0: whole.id}, ["eve"], {})


def test_a_student_of_two_sections_has_both_rows_and_two_people_of_one_login_have_none(placed):
    assert placed(["K,101,S,ada,1", "K,101,S,ada,2"], ADA) == ({0: "ada", 1: "ada"}, [], {})
    assert placed(["E1,1,,eve,G", "E2,2,,eve,G"], EVE) == ({}, ["eve"], {"E1": ["eve"], "E2": ["eve"]})
    assert placed(["E1,1,,eve@a.example,G", "E2,2,,eve@b.example,G"], EVE)[1] == ["eve"]
    nameless = "Student,ID,Section,SIS Login ID"
    assert placed(["K,,1", "K,,2"], Person("x"), header=nameless) == ({}, ["x"], {})


def test_rows_without_canvass_own_id_are_of_one_person_by_another_id_alone(placed):
    assert placed(["K,,S1,ada,1", "K,,S1,ada,2"], ADA)[0] == {0: "ada", 1: "ada"}
    assert placed(["K,,S1,ada,1", "K,,S2,ada,2"], ADA)[0] == {}


def test_who_shares_one_of_two_rows_has_neither(placed):
    rows = ["Ada,101,,ada,G", "Ada,101,s1,ada,H"]
    assert placed(rows, ADA, Person("s1")) == ({}, ["ada", "s1"], {"Ada": ["ada", "s1"]})


def test_a_row_that_two_students_claim_is_nobodys(placed):
    both = (Person("ada"), Person("x", email="ada"))
    assert placed(["A,1,,ada,G"], *both) == ({}, ["ada", "x"], {"A": ["ada", "x"]})


def test_without_a_roster_each_student_has_the_row_that_canvas_finds_by_the_login():
    found = no_roster([ADA, EVE])
    assert found.headers == ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
    assert found.rows == (("King, Ada", "", "", "ada", ""), ("eve", "", "", "eve", ""))
    assert found.place([ADA, EVE]).owners == {0: ADA, 1: EVE}
    assert isinstance(found, Roster)
    assert blank_row(("SIS Login ID", "Student", "Else"), ADA) == ("ada", "King, Ada", "")
