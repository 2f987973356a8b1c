# %% right="added from the end to the beginning"
def product_of_sum_graph(graph):
    graph.add("product", MultiplyGate(), "z", "sum")
    graph.add("sum", AddGate(), "y", "x")


# %% right="multiplied out"
def product_of_sum_graph(graph):
    graph.add("xz", MultiplyGate(), "x", "z")
    graph.add("yz", MultiplyGate(), "y", "z")
    graph.add("f", AddGate(), "xz", "yz")


# %% right="with a gate of the student's own"
class NegateGate:
    def forward(self, x):
        self.done = True
        return -x

    def backward(self, dy):
        return (-dy,)


def product_of_sum_graph(graph):
    graph.add("minus_y", NegateGate(), "y")
    graph.add("q", SubtractGate(), "x", "minus_y")
    graph.add("f", MultiplyGate(), "q", "z")


# %% wrong="the sum of a product" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
# ~     graph.add("q", [-AddGate-]{+MultiplyGate+}(), "x", "y")
# ~     graph.add("f", [-MultiplyGate-]{+AddGate+}(), "q", "z")
# %% wrong="a name that nobody has" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="'sum'"
# ~     graph.add("f", MultiplyGate(), "[-q-]{+sum+}", "z")
# %% wrong="a class for a gate" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="AddGate is a class; make a gate, AddGate()"
# ~     graph.add("q", AddGate[-()-], "x", "y")
# %% wrong="a graph of its own" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="no node was added"
#   def product_of_sum_graph(graph):
# +     graph = ComputationalGraph()
# %% wrong="one gate object for two nodes" of="multiplied out" warned="2.6" points={"06_graphs-gradients": 4.75} says="xz and yz have one gate"
#   def product_of_sum_graph(graph):
# +     multiply = MultiplyGate()
# ~     graph.add("xz", [-MultiplyGate()-]{+multiply+}, "x", "z")
# ~     graph.add("yz", [-MultiplyGate()-]{+multiply+}, "y", "z")
