# %% base="as most write it"
class ComputationalGraph:
    def __init__(self):
        self.nodes = {}

    def add(self, name, gate, *inputs):
        self.nodes[name] = (gate, inputs)

    def forward(self, **inputs):
        self.inputs, self.values, self.order = inputs, dict(inputs), []
        for name, (_, sources) in self.nodes.items():
            for source in sources:
                if source not in self.nodes and source not in inputs:
                    raise ValueError(f"{name} needs {source}")
        while len(self.order) < len(self.nodes):
            ready = [
                n
                for n in self.nodes
                if n not in self.values and all(s in self.values for s in self.nodes[n][1])
            ]
            if not ready:
                raise ValueError(f"cycle: {set(self.nodes) - set(self.order)}")
            for name in ready:
                gate, sources = self.nodes[name]
                self.values[name] = gate.forward(*(self.values[s] for s in sources))
            self.order += ready
        taken = {s for _, sources in self.nodes.values() for s in sources}
        self.out = [name for name in self.nodes if name not in taken][-1]
        return self.values[self.out]

    def backward(self):
        grads = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
        grads[self.out] = np.ones(np.shape(self.values[self.out]))
        for name in reversed(self.order):
            gate, sources = self.nodes[name]
            for source, grad in zip(sources, gate.backward(grads[name]), strict=True):
                grads[source] = grads[source] + grad
        return {name: grads[name] for name in self.inputs}


# %% right="the standard library's sorter"
from graphlib import CycleError, TopologicalSorter


class ComputationalGraph:
    def __init__(self):
        self.gates, self.sources = {}, {}

    def add(self, name, gate, *inputs):
        self.gates[name] = gate
        self.sources[name] = inputs

    def forward(self, **inputs):
        for name, sources in self.sources.items():
            for source in sources:
                if source not in self.gates and source not in inputs:
                    raise ValueError(f"unknown name {source} in node {name}")
        try:
            order = list(TopologicalSorter(self.sources).static_order())
        except CycleError as error:
            raise ValueError(f"cycle: {error.args[1]}") from None
        self.order = [name for name in order if name in self.gates]
        self.inputs = inputs
        self.values = {**inputs}
        for name in self.order:
            self.values[name] = self.gates[name].forward(*[self.values[s] for s in self.sources[name]])
        used = [source for sources in self.sources.values() for source in sources]
        self.last = [name for name in self.gates if name not in used].pop()
        return self.values[self.last]

    def backward(self):
        grads = {self.last: np.ones_like(self.values[self.last], dtype=float)}
        for name in self.order[::-1]:
            if name not in grads:
                continue
            for source, grad in zip(self.sources[name], self.gates[name].backward(grads[name]), strict=True):
                grads[source] = grads[source] + grad if source in grads else grad
        return {name: grads.get(name, np.zeros(np.shape(x))) for name, x in self.inputs.items()}


# %% right="depth first, recursively"
class ComputationalGraph:
    def __init__(self):
        self.nodes = {}

    def add(self, name, gate, *inputs):
        self.nodes[name] = {"gate": gate, "inputs": inputs}

    def visit(self, name, path, needed_by):
        if name in self.values:
            return
        if name not in self.nodes:
            raise ValueError(f"{needed_by} needs {name}, and nobody has it")
        if name in path:
            raise ValueError(f"going round in circles at {name}")
        for source in self.nodes[name]["inputs"]:
            self.visit(source, (*path, name), name)
        node = self.nodes[name]
        self.values[name] = node["gate"].forward(*(self.values[source] for source in node["inputs"]))
        self.order.append(name)

    def forward(self, **inputs):
        self.inputs, self.values, self.order = inputs, dict(inputs), []
        for name in self.nodes:
            self.visit(name, (), None)
        taken = set().union(*(node["inputs"] for node in self.nodes.values()))
        self.out = [name for name in self.nodes if name not in taken][-1]
        return self.values[self.out]

    def backward(self):
        grads = {name: 0.0 * np.asarray(value) for name, value in self.values.items()}
        grads[self.out] = grads[self.out] + 1.0
        for name in reversed(self.order):
            node = self.nodes[name]
            for source, grad in zip(node["inputs"], node["gate"].backward(grads[name]), strict=True):
                grads[source] = grads[source] + grad
        return {name: grads[name] for name in self.inputs}


# %% wrong="overwrites where it should accumulate" of="as most write it" warned="2.5" points={"05_computational_graph-accumulation": 0} says="one of the two gradients that come back to u is lost"
# ~                 grads[source] = [-grads[source] + -]grad
# %% wrong="adds in place into arrays that are not its own" of="overwrites where it should accumulate" warned="2.5" points={"05_computational_graph-accumulation": 5} says="entry ['y'] of what backward returns is wrong"
# -         grads = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
# @
# ~         grads[-[-]{+ = {+}self.out[-] =-]{+:+} np.ones(np.shape(self.values[self.out])){+[()]}+}
#           for name in reversed(self.order):
# +             if name not in grads:
# +                 continue
# ~                 {+if source in +}grads[-[source] = grad-]{+:+}
# -         return {name: grads[name] for name in self.inputs}
# +                     grads[source] += grad
# +                 else:
# +                     grads[source] = grad
# +         return {name: grads.get(name, np.zeros(np.shape(x))) for name, x in self.inputs.items()}
# %% wrong="runs its nodes in the order in which they were added" warned="2.5" points={"05_computational_graph-forward": 4, "05_computational_graph-backward": 5.5, "05_computational_graph-errors": 3} says="KeyError"
class ComputationalGraph:
    def __init__(self):
        self.nodes = []

    def add(self, name, gate, *inputs):
        self.nodes.append((name, gate, inputs))

    def forward(self, **inputs):
        names = [name for name, _, _ in self.nodes]
        self.inputs, self.values = inputs, dict(inputs)
        for name, _, sources in self.nodes:
            for source in sources:
                if source not in names and source not in inputs:
                    raise ValueError(f"{name} needs {source}")
        for name, gate, sources in self.nodes:
            self.values[name] = gate.forward(*(self.values[s] for s in sources))
        self.out = name
        return self.values[name]

    def backward(self):
        grads = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
        grads[self.out] = np.ones(np.shape(self.values[self.out]))
        for name, gate, sources in reversed(self.nodes):
            for source, grad in zip(sources, gate.backward(grads[name]), strict=True):
                grads[source] = grads[source] + grad
        return {name: grads[name] for name in self.inputs}


# %% wrong="goes back breadth first, before all users have reported" of="as most write it" warned="2.5" points={"05_computational_graph-accumulation": 3} says="what backward returns"
# ~         self.inputs, self.values[-, self.order-] = inputs, dict(inputs)[-, []-]
# -         while len(self.order) < len(self.nodes):
# -             ready = [
# -                 n
# -                 for n in self.nodes
# -                 if n not in self.values and all(s in self.values for s in self.nodes[n][1])
# +         waiting = list(self.nodes)
# +         while waiting:
# ~             [-]-]{+ready = [n for n in waiting if all(s in self.values for s in self.nodes[n][1])]+}
# ~                 raise ValueError(f"cycle: {[-set(self.nodes) - set(self.order)-]{+waiting+}}")
# ~             [-self.order += -]{+waiting = [n for n in waiting if n not in +}ready{+]+}
# -         for name in reversed(self.order):
# +         queue, seen = [self.out], {self.out}
# +         while queue:
# +             name = queue.pop(0)
# +             if name not in self.nodes:
# +                 continue
#                   grads[source] = grads[source] + grad
# +                 if source not in seen:
# +                     seen.add(source)
# +                     queue.append(source)
# %% wrong="gradients of one call are added to those of the last" of="as most write it" warned="2.5" points={"05_computational_graph-backward": 6} says="you add to the first call's gradient"
#           self.out = [name for name in self.nodes if name not in taken][-1]
# +         self.grads = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
# -         grads = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
# @
# ~         {+self.+}grads[self.out] = np.ones(np.shape(self.values[self.out]))
# ~             for source, grad in zip(sources, gate.backward({+self.+}grads[name]), strict=True):
# ~                 {+self.+}grads[source] = {+self.+}grads[source] + grad
# ~         return {name: {+self.+}grads[name] for name in self.inputs}
# %% wrong="no errors of its own" of="errors that name nobody" warned="2.5" points={"05_computational_graph-errors": 1} says="KeyError"
#           self.nodes[name] = (gate, inputs)
# +
# +     def value(self, name):
# +         if name not in self.values:
# +             gate, sources = self.nodes[name]
# +             self.values[name] = gate.forward(*[self.value(source) for source in sources])
# +             self.order.append(name)
# +         return self.values[name]
# -         while len(self.order) < len(self.nodes):
# -             ready = [
# -                 n
# -                 for n in self.nodes
# -                 if n not in self.values and all(s in self.values for s in self.nodes[n][1])
# -             ]
# -             if not ready:
# -                 raise ValueError("unknown name or cycle")
# -             for name in ready:
# -                 gate, sources = self.nodes[name]
# -                 self.values[name] = gate.forward(*(self.values[s] for s in sources))
# -             self.order += ready
# @
# ~         return self.[-values[-]{+value(+}self.out[-]-]{+)+}
# %% wrong="errors that name nobody" of="as most write it" warned="2.5" points={"05_computational_graph-errors": 1} says="the message should name"
# -         for name, (_, sources) in self.nodes.items():
# -             for source in sources:
# -                 if source not in self.nodes and source not in inputs:
# -                     raise ValueError(f"{name} needs {source}")
# @
# ~                 raise ValueError([-f"-]{+"unknown name or +}cycle[-: {set(self.nodes) - set(self.order)}-]")
# %% wrong="the output is whatever was added last" of="as most write it" points={"05_computational_graph-forward": 4, "05_computational_graph-backward": 5.5} says="is wrong"
# -         taken = {s for _, sources in self.nodes.values() for s in sources}
# -         self.out = [name for name in self.nodes if name not in taken][-1]
# +         self.out = list(self.nodes)[-1]
# %% wrong="differentiates numerically" points={"05_computational_graph-backward": 1.5, "05_computational_graph-accumulation": 2, "05_computational_graph-errors": 4} says="what backward returns"
class ComputationalGraph:
    def __init__(self):
        self.nodes = {}

    def add(self, name, gate, *inputs):
        self.nodes[name] = (gate, inputs)

    def forward(self, **inputs):
        self.inputs, values = inputs, dict(inputs)
        for name, (_, sources) in self.nodes.items():
            for source in sources:
                if source not in self.nodes and source not in inputs:
                    raise ValueError(f"{name} needs {source}")
        waiting = list(self.nodes)
        while waiting:
            ready = [n for n in waiting if all(s in values for s in self.nodes[n][1])]
            if not ready:
                raise ValueError(f"cycle: {waiting}")
            for name in ready:
                gate, sources = self.nodes[name]
                values[name] = gate.forward(*(values[s] for s in sources))
            waiting = [n for n in waiting if n not in ready]
        taken = {s for _, sources in self.nodes.values() for s in sources}
        return values[[name for name in self.nodes if name not in taken][-1]]

    def backward(self):
        given, h, grads = self.inputs, 1e-5, {}
        for name, x in given.items():
            up, down = self.forward(**{**given, name: x + h}), self.forward(**{**given, name: x - h})
            grads[name] = (up - down) / (2 * h)
        self.inputs = given
        return grads


# %% right="sweeps until every node has run, and adds in place into arrays of its own"
class ComputationalGraph:
    def __init__(self):
        self.nodes = []

    def add(self, name, gate, *inputs):
        self.nodes.append((name, gate, inputs))

    def forward(self, **inputs):
        names = [name for name, _, _ in self.nodes]
        self.given, self.values, self.ran = inputs, dict(inputs), []
        for name, _, sources in self.nodes:
            for source in sources:
                if source not in names and source not in inputs:
                    raise ValueError(f"{name!r} refers to {source!r}, which does not exist")
        while len(self.ran) < len(self.nodes):
            before = len(self.ran)
            for name, gate, sources in self.nodes:
                if name not in self.values and all(source in self.values for source in sources):
                    self.values[name] = gate.forward(*[self.values[source] for source in sources])
                    self.ran.append((name, gate, sources))
            if len(self.ran) == before:
                stuck = [name for name in names if name not in self.values]
                raise ValueError("a cycle somewhere among " + " ".join(stuck))
        taken = [source for _, _, sources in self.nodes for source in sources]
        self.out = next(name for name in reversed(names) if name not in taken)
        return self.values[self.out]

    def backward(self):
        grads = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
        grads[self.out] += 1.0
        for name, gate, sources in reversed(self.ran):
            for source, grad in zip(sources, gate.backward(grads[name].copy()), strict=True):
                grads[source] += grad
        return {name: grads[name] for name in self.given}


# %% right="names the first node that waits, on the cycle or behind it"
class ComputationalGraph:
    def __init__(self):
        self.nodes = []

    def add(self, name, gate, *inputs):
        self.nodes.append((name, gate, inputs))

    def forward(self, **inputs):
        names = {name for name, _, _ in self.nodes}
        unknown = [s for _, _, sources in self.nodes for s in sources if s not in names and s not in inputs]
        if unknown:
            raise ValueError(f"nobody has {unknown[0]}")
        self.values, self.ran, self.inputs = dict(inputs), [], inputs
        waiting = list(self.nodes)
        while waiting:
            node = next((n for n in waiting if all(s in self.values for s in n[2])), None)
            if node is None:
                raise ValueError(f"cycle through {waiting[0][0]}")
            name, gate, sources = node
            self.values[name] = gate.forward(*[self.values[s] for s in sources])
            self.ran.append(node)
            waiting.remove(node)
        taken = {s for _, _, sources in self.nodes for s in sources}
        self.output = [name for name, _, _ in self.nodes if name not in taken][-1]
        return self.values[self.output]

    def backward(self):
        grads = {name: 0.0 * np.asarray(value, dtype=float) for name, value in self.values.items()}
        grads[self.output] = grads[self.output] + 1.0
        for name, gate, sources in self.ran[::-1]:
            for source, grad in zip(sources, gate.backward(grads[name]), strict=True):
                grads[source] = grads[source] + grad
        return {name: grads[name] for name in self.inputs}


# %% wrong="recursion backward: a node used twice sends its gradient on twice" warned="2.5" points={"05_computational_graph-accumulation": 2} says="u sends its gradient on twice"
class ComputationalGraph:
    def __init__(self):
        self.nodes = {}

    def add(self, name, gate, *inputs):
        self.nodes[name] = (gate, inputs)

    def value(self, name, path):
        if name in self.values:
            return self.values[name]
        if name in path:
            raise ValueError(f"cycle: {name}")
        if name not in self.nodes:
            raise ValueError(f"unknown: {name}")
        gate, sources = self.nodes[name]
        self.values[name] = gate.forward(*[self.value(s, (*path, name)) for s in sources])
        return self.values[name]

    def forward(self, **inputs):
        self.inputs, self.values = inputs, dict(inputs)
        for name in self.nodes:
            self.value(name, ())
        taken = {s for _, sources in self.nodes.values() for s in sources}
        self.output = [name for name in self.nodes if name not in taken][-1]
        return self.values[self.output]

    def send(self, name):
        if name in self.nodes:
            gate, sources = self.nodes[name]
            for source, grad in zip(sources, gate.backward(self.grads[name]), strict=True):
                self.grads[source] = self.grads[source] + grad
                self.send(source)

    def backward(self):
        self.grads = {name: np.zeros(np.shape(value)) for name, value in self.values.items()}
        self.grads[self.output] = np.ones(np.shape(self.values[self.output]))
        self.send(self.output)
        return {name: self.grads[name] for name in self.inputs}
