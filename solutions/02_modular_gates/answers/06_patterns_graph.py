# %% right="doubled by adding it to itself"
def patterns_graph(graph):
    graph.add("xy", MultiplyGate(), "x", "y")
    graph.add("max", MaxGate(), "w", "z")
    graph.add("half", AddGate(), "xy", "max")
    graph.add("f", AddGate(), "half", "half")


# %% right="each term doubled" of="solution"
#   def patterns_graph(graph):
# +     graph.add("twice_x", ScaleGate(2), "x")
# ~     graph.add("product", MultiplyGate(), "[-x-]{+twice_x+}", "y")
# ~     graph.add("[-total-]{+twice_larger+}", [-AddGate(), "product"-]{+ScaleGate(2)+}, "larger")
# ~     graph.add("f", [-ScaleGate(2.0-]{+AddGate(+}), "[-total-]{+product", "twice_larger+}")
# %% wrong="the factor 2 is forgotten" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
# -     graph.add("total", AddGate(), "product", "larger")
# @
# ~     graph.add("f", [-ScaleGate(2.0-]{+AddGate(+}), "[-total-]{+product", "larger+}")
# %% wrong="only the product is doubled" of="the factor 2 is forgotten" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
#       graph.add("product", MultiplyGate(), "x", "y")
# +     graph.add("doubled", ScaleGate(2.0), "product")
# ~     graph.add("f", AddGate(), "[-product-]{+doubled+}", "larger")
# %% wrong="plus 2 instead of times 2" of="solution" points={"06_graphs-values": 3.75, "06_graphs-gradients": 3.75} says="f is wrong"
# ~     graph.add("f", [-ScaleGate-]{+AddConstantGate+}(2.0), "total")
