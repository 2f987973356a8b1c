# %% base="as most write it" of="solution"
# -         self.layers = layers
# @
# ~         {+self.layers, +}self.loss_layer = {+layers, +}loss_layer
# %% right="parameters as a property, gradients collected on the way"
class Net:
    def __init__(self, layers, loss_layer):
        self.layers, self.loss_layer = list(layers), loss_layer

    @property
    def params(self):
        found = {}
        for layer in self.layers:
            for key in layer.params:
                found[layer.name + "." + key] = layer.params[key]
        return found

    def forward(self, x, y):
        out = x
        for layer in self.layers:
            out = layer.forward(out)
        return self.loss_layer.forward(out, y)

    def backward(self):
        grads = {}
        upstream = self.loss_layer.backward(1.0)
        for layer in self.layers[::-1]:
            upstream = layer.backward(upstream)
            for key in layer.grads:
                grads[layer.name + "." + key] = layer.grads[key]
        return grads


# %% right="recursively"
class Net:
    def __init__(self, layers, loss_layer):
        self.layers, self.loss_layer = layers, loss_layer
        self.params = {}
        for layer in layers:
            self.params.update({f"{layer.name}.{key}": value for key, value in layer.params.items()})

    def forward(self, x, y, k=0):
        if k == len(self.layers):
            return self.loss_layer.forward(x, y)
        return self.forward(self.layers[k].forward(x), y, k + 1)

    def upstream(self, k):
        if k == len(self.layers):
            return self.loss_layer.backward()
        return self.layers[k].backward(self.upstream(k + 1))

    def backward(self):
        self.upstream(0)
        return {name: self.gradient(*name.split(".", 1)) for name in self.params}

    def gradient(self, layer_name, key):
        (layer,) = (layer for layer in self.layers if layer.name == layer_name)
        return layer.grads[key]


# %% wrong="backward in the order of forward" of="as most write it" warned="2.7" points={"07_net-values": 2} says="the layers run backward in the order of forward"
# ~         for layer in [-reversed(-]self.layers[-)-]:
# %% wrong="the same upstream gradient for every layer" of="as most write it" points={"07_net-values": 2} says="entry ['first.s'] of what backward returns is wrong"
# ~             [-dout = -]layer.backward(dout)
# %% wrong="names without their layer: later layers overwrite earlier ones" of="as most write it" points={"07_net-values": 1.5} says="has no key 'first.s'; its keys are 's', 't'"
# ~         self.params = {[-f"{layer.name}.{-]key[-}"-]: p for layer in layers for key, p in layer.params.items()}
# ~         return {[-f"{layer.name}.{-]key[-}"-]: g for layer in self.layers for key, g in layer.grads.items()}
# %% wrong="every layer sees the batch" of="as most write it" points={"07_net-values": 0.5} says="loss is wrong"
# ~             [-x-]{+out+} = layer.forward(x)
# ~         return self.loss_layer.forward([-x-]{+out+}, y)
# %% wrong="the loss instead of the gradients" of="as most write it" points={"07_net-values": 2} says="what backward returns should be a dict"
# -         return {f"{layer.name}.{key}": g for layer in self.layers for key, g in layer.grads.items()}
# +         return dout
# %% wrong="gradients of earlier batches stay in the sum" of="as most write it" points={"07_net-values": 4} says="what backward returns"
#           self.params = {f"{layer.name}.{key}": p for layer in layers for key, p in layer.params.items()}
# +         self.grads = dict.fromkeys(self.params, 0.0)
# -         return {f"{layer.name}.{key}": g for layer in self.layers for key, g in layer.grads.items()}
# +             for key, gradient in layer.grads.items():
# +                 self.grads[f"{layer.name}.{key}"] = self.grads[f"{layer.name}.{key}"] + gradient
# +         return dict(self.grads)
