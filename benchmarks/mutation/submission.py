"""Mutants of `autograder/submission` that no test can notice: why, by file, by what was there and what is."""

from __future__ import annotations

TRUTH = "only whether it is true is asked"
NUMBER = "a number is another one when it changes, in place or not"
OWN = "nobody else has it, changed in place or not"
ORDER = "an order of what is only looked up"
ALIKE = "all are counted alike"
AMOUNT = "how much is taken at once, kept or looked at, and nothing of the outcome"
UNREAD = "nobody reads it"
CHECKERS = "only a type checker reads it"
UNASKED = "what other cells should define is not asked"
NEIGHBOURS = "an answer whose cell is there has neighbours of its own"
VIEWS = "bytes, and views of them, are read alike"
FOUR_BYTES = "an encoding is found by the first four bytes of any length"

WHY: dict[str, dict[tuple[str, str], str]] = {
    "adopt": {
        ("is_answer(self._released[index])", "-is_answer(self._released[index])"): TRUTH,
        ("free", "-free"): TRUTH,
        ("len(names)", "len(names) + 1"): ALIKE,
        ("len(names)", "len(names) - 1"): ALIKE,
        ("if not is_answer(cell): continue", "if False: continue"): UNASKED,
        ("is_answer(cell)", "cell"): UNASKED,
        ("wanted = asked - given", "if True: asked -= given wanted = asked"): OWN,
        ("number < self.source_of[group[0]]", "number <= self.source_of[group[0]]"): (
            "one is a cell of the student's own and the other is not"
        ),
        ("len(group) == 1 and group[0] in self.source_of", "group[0] in self.source_of"): NEIGHBOURS,
        ("len(group) == 1", "True"): NEIGHBOURS,
        ("range(index + 1, len(self._released))", "range(index + 1, len(self._released) + 1)"): (
            "no cell has that number"
        ),
        ("True", "False"): "an answer that has a cell keeps it",
        ("is_edited(cell, original)", "is_edited(original, cell)"): "an empty cell binds nothing",
        (
            "self._places.pop(self.source_of[index], None)",
            "-self._places.pop(self.source_of[index], None)",
        ): UNREAD,
        ("self.anchors.setdefault(last, index)", "-self.anchors.setdefault(last, index)"): UNREAD,
    },
    "beside": {("total += size", "total = total + size"): NUMBER},
    "copies": {
        ("same.popleft()", "-same.popleft()"): UNREAD,
        ("has_role(cell)", "-has_role(cell)"): TRUTH,
        ("has_role(original)", "-has_role(original)"): TRUTH,
        ("prose", "-prose"): TRUTH,
    },
    "copying": {("notebook", "copy"): "the copy has the same until it is given its own"},
    "extra": {
        ("fnmatch.fnmatchcase(name, pattern)", "-fnmatch.fnmatchcase(name, pattern)"): TRUTH,
        ("left -= len(found[name])", "left = left - len(found[name])"): NUMBER,
    },
    "files": {
        ("str(name)[:most + 1]", "str(name)"): AMOUNT,
        (":most + 1", ":"): AMOUNT,
        ("len(entry.path.parts)", "len(entry.path.parts) + 1"): ALIKE,
        ("len(entry.path.parts)", "len(entry.path.parts) - 1"): ALIKE,
        ("os.O_RDONLY | os.O_NOFOLLOW", "os.O_NOFOLLOW"): "O_RDONLY is zero",
    },
    "harmless": {
        ("('ename', 'evalue')", "('evalue', 'ename')"): ORDER,
        ("('width', 'height')", "('height', 'width')"): ORDER,
    },
    "html": {
        ("_is_closed(text)", "-_is_closed(text)"): TRUTH,
        ("opened[name] += step", "opened[name] += step * 2"): "only its sign is asked",
        ("opened[name] += step", "opened[name] = opened[name] + step"): NUMBER,
        ("depth += 0 if name in free else step", "depth = depth + (0 if name in free else step)"): NUMBER,
        ("frozenset(_NO_END.split())", "_NO_END.split()"): ORDER,
    },
    "intake": {("who", "handed"): "of the others, only what they say is compared"},
    "match": {
        ("_is_split(submitted, number)", "-_is_split(submitted, number)"): TRUTH,
        ("_differs_in_metadata(copy, cell)", "-_differs_in_metadata(copy, cell)"): TRUTH,
        ("changed", "-changed"): TRUTH,
        ("below[0][0].isspace()", "-below[0][0].isspace()"): TRUTH,
        ("above[-1][0].isspace()", "-above[-1][0].isspace()"): TRUTH,
        ("set(cell.source.split('\\n'))", "cell.source.split('\\n')"): ORDER,
        ("numbers[0]", "numbers"): "lists of one number each are in the order of the numbers",
    },
    "naming": {
        ("0", "-1"): "there is one",
    },
    "page_size": {
        ("self.left -= taken", "self.left = self.left - taken"): NUMBER,
        (
            "(_Room(MAX_ALL_CODE), _Room(MAX_ALL_WORDS))",
            "(_Room(MAX_ALL_WORDS), _Room(MAX_ALL_CODE))",
        ): "both have the same size",
        ("room.holds(weight)", "-room.holds(weight)"): TRUTH,
    },
    "parse": {
        **{("16", other): AMOUNT for other in ("15", "17", "8", "32")},
        ("self._text_left -= len(source)", "self._text_left = self._text_left - len(source)"): NUMBER,
        (
            "self._pictures_left -= size(raw)",
            "self._pictures_left = self._pictures_left - size(raw)",
        ): NUMBER,
        ("notes += _kernel_notes(raw)", "notes = notes + _kernel_notes(raw)"): OWN,
    },
    "pictures": {
        ("getattr(picture, 'is_animated', False)", "-getattr(picture, 'is_animated', False)"): TRUTH,
        ("False", "True"): "the types that may move all say whether they do",
    },
    "released": {
        (
            "(*recorded.grade_cells, *recorded.task_cells)",
            "(*recorded.task_cells, *recorded.grade_cells)",
        ): ORDER,
    },
    "skim": {
        ("Fields = TypeVar('Fields', bound=Struct)", "pass"): CHECKERS,
        ("TypeVar('Fields', bound=Struct)", "'Fields'"): CHECKERS,
        ("TypeVar('Fields', bound=Struct)", "TypeVar('Fields')"): CHECKERS,
        **{("1000000", other): AMOUNT for other in ("999999", "1000001", "500000", "2000000")},
        ("data[:4]", "data"): FOUR_BYTES,
        (":4", ":"): FOUR_BYTES,
        ("memoryview(data)", "data"): VIEWS,
        ("memoryview(made)", "made"): VIEWS,
        ("memoryview(_as_json(text))", "_as_json(text)"): VIEWS,
        ("bytes(memoryview(piece)[:1])", "memoryview(piece)[:1]"): VIEWS,
        ("text", "piece"): VIEWS,
        ("text.decode()", "text"): "Python's json decodes it as well",
        ("len(data)", "len(data) + 1"): "behind the end, there is nothing",
        ("4", "5"): FOUR_BYTES,
        ("4", "8"): FOUR_BYTES,
    },
    "skippable": {
        ("used |= words", "used = used | words"): OWN,
        ("used |= words - names.bound", "used = used | words - names.bound"): OWN,
    },
    "timestamp": {
        ("path = folder / TIMESTAMP", "if True: folder /= TIMESTAMP path = folder"): (
            "a path is another one when it changes, and nobody reads the folder again"
        ),
        ("2", "3"): "any other day does",
    },
    "words": {
        ("0", "1"): "a fence has three signs at least",
        ("0", "-1"): "a fence has three signs at least",
        ("is_tangled(text)", "-is_tangled(text)"): TRUTH,
        ("small", "-small"): TRUTH,
        ("('javascript', 'vbscript')", "('vbscript', 'javascript')"): ORDER,
    },
}
REASONS = {
    (f"autograder/submission/{name}.py", *change): why
    for name, changes in WHY.items()
    for change, why in changes.items()
}
