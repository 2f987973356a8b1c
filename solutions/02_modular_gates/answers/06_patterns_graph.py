# %% right="doubled by adding it to itself"
def patterns_graph(graph):
    graph.add("xy", MultiplyGate(), "x", "y")
    graph.add("max", MaxGate(), "w", "z")
    graph.add("half", AddGate(), "xy", "max")
    graph.add("f", AddGate(), "half", "half")


# %% right="each term doubled"
def patterns_graph(graph):
    graph.add("twice_x", ScaleGate(2), "x")
    graph.add("product", MultiplyGate(), "twice_x", "y")
    graph.add("larger", MaxGate(), "z", "w")
    graph.add("twice_larger", ScaleGate(2), "larger")
    graph.add("f", AddGate(), "product", "twice_larger")


# %% wrong="the factor 2 is forgotten" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
def patterns_graph(graph):
    graph.add("product", MultiplyGate(), "x", "y")
    graph.add("larger", MaxGate(), "z", "w")
    graph.add("f", AddGate(), "product", "larger")


# %% wrong="only the product is doubled" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
def patterns_graph(graph):
    graph.add("product", MultiplyGate(), "x", "y")
    graph.add("doubled", ScaleGate(2.0), "product")
    graph.add("larger", MaxGate(), "z", "w")
    graph.add("f", AddGate(), "doubled", "larger")


# %% wrong="plus 2 instead of times 2" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
# -     graph.add("f", ScaleGate(2.0), "total")
# +     graph.add("f", AddConstantGate(2.0), "total")
