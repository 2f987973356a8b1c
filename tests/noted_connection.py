"""Connections to a student's process, and its sandbox, that are only noted."""

from types import SimpleNamespace

from autograder.grader_side import children as module
from autograder.grader_side.clock import Clock


class Noted:
    """All that was asked of connections and of the sandbox; ``answers`` come one after the other."""

    def __init__(self):
        self.asked, self.answers, self.connections, self.done = [], [], [], []
        self.time, self.how, self.refuses, self.lost = 0.0, "", None, None
        self.seconds, self.own_waits = [], 0.0

    def wall(self):
        return self.time

    def answer(self):
        """The next answer: a value, an exception, or what is to be done first."""
        answer = self.answers.pop(0) if self.answers else None
        if callable(answer) and not isinstance(answer, type):
            answer = answer()
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def passes(self, seconds, answer=None):
        """An answer that takes so long."""

        def later():
            self.time += seconds
            if isinstance(answer, BaseException):
                raise answer
            return answer

        return later


def noted_connections(monkeypatch):
    """What a student is asked when its connections are only noted."""
    noted = Noted()

    class Connection:
        def __init__(self, connected):
            self.connected, self.closed = connected, 0
            self.lending = SimpleNamespace(forget=lambda *watched: noted.done.append(("forget", *watched)))
            noted.connections.append(self)

        def close(self):
            self.closed += 1
            noted.done.append(("hung up",))

        def run(self, source, deadline, show):
            noted.asked.append(("run", source, show))
            noted.seconds.append(deadline.seconds)
            return noted.answer()

        def names(self, names, deadline, crossing):
            noted.asked.append(("names", names))
            noted.seconds.append(deadline.seconds)
            return noted.answer()

        def work_in(self, path, deadline):
            noted.done.append(("work in", path, deadline.seconds))

        def put(self, name, data, fixed, deadline):
            noted.asked.append(("put", name, data, fixed))
            noted.seconds.append(deadline.seconds)
            return noted.answer()

        def written(self, deadline):
            noted.asked.append(("written",))
            noted.seconds.append(deadline.seconds)
            return noted.answer()

        def inside(self, source, before, deadline, show):
            noted.asked.append(("inside", source, before, show))
            noted.seconds.append(deadline.seconds)
            return noted.answer()

        def do(self, operation, args, kwargs, deadline, crossing, heard):
            noted.asked.append(("do", operation, args, kwargs))
            noted.seconds.append(deadline.seconds)
            noted.hear = heard
            return noted.answer()

    class Box:
        shares_machine = False

        def start_child(self):
            noted.time += 7  # which is not the student's time
            if noted.refuses is not None:
                raise noted.refuses
            return f"child {len(noted.connections)}"

        def end_child(self):
            noted.done.append(("end child",))
            if noted.lost is not None:
                raise noted.lost
            return noted.how

        def end_notebook(self):
            noted.done.append(("end notebook",))
            if noted.lost is not None:
                raise noted.lost

        def seconds_without_a_core(self):
            if noted.lost is not None:
                raise noted.lost
            return 0.0

    monkeypatch.setattr(module, "Connection", Connection)
    monkeypatch.setattr(module, "seconds_without_a_core", lambda: noted.own_waits)
    monkeypatch.setattr(module, "Clock", lambda waited: Clock(waited, wall=noted.wall))
    noted.box = Box()
    return noted
