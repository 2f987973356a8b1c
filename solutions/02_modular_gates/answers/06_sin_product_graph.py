# %% right="the other way round"
def sin_product_graph(graph):
    graph.add("s", SinGate(), "x2")
    graph.add("p", MultiplyGate(), "x2", "x1")
    graph.add("f", AddGate(), "s", "p")


# %% right="by subtracting twice"
def sin_product_graph(graph):
    graph.add("f", SubtractGate(), "p", "minus_s")
    graph.add("p", MultiplyGate(), "x1", "x2")
    graph.add("s", SinGate(), "x2")
    graph.add("minus_s", ScaleGate(-1.0), "s")


# %% wrong="the sine of the wrong input" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
# ~     graph.add("sine", SinGate(), "[-x2-]{+x1+}")
# %% wrong="the sine of the product" points={"06_graphs-values": 4, "06_graphs-gradients": 3.75} says="f is wrong"
def sin_product_graph(graph):
    graph.add("product", MultiplyGate(), "x1", "x2")
    graph.add("f", SinGate(), "product")
