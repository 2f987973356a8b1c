# %% right="the sigmoid as one gate"
def sigmoid_neuron_graph(graph):
    graph.add("a", MultiplyGate(), "w0", "x0")
    graph.add("b", MultiplyGate(), "w1", "x1")
    graph.add("c", AddGate(), "a", "b")
    graph.add("d", AddGate(), "c", "w2")
    graph.add("e", SigmoidGate(), "d")


# %% right="the bias first, and the nodes in no particular order"
def sigmoid_neuron_graph(graph):
    graph.add("out", ReciprocalGate(), "den")
    graph.add("den", AddConstantGate(1), "power")
    graph.add("power", ExpGate(), "minus")
    graph.add("minus", ScaleGate(-1), "total")
    graph.add("total", AddGate(), "first", "second")
    graph.add("first", AddGate(), "w2", "p")
    graph.add("p", MultiplyGate(), "x0", "w0")
    graph.add("second", MultiplyGate(), "x1", "w1")


# %% wrong="the sign in the exponent is forgotten" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong: yours 0.268941"
# -     graph.add("negated", ScaleGate(-1.0), "dot")
# @
# ~     graph.add("exp", ExpGate(), "[-negated-]{+dot+}")
# %% wrong="the bias is forgotten" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="w2"
def sigmoid_neuron_graph(graph):
    graph.add("w0x0", MultiplyGate(), "w0", "x0")
    graph.add("w1x1", MultiplyGate(), "w1", "x1")
    graph.add("sum", AddGate(), "w0x0", "w1x1")
    graph.add("f", SigmoidGate(), "sum")
