# %% right="the formula as written" of="a stretched tanh"
# -     t = None
# +     def __init__(self):
# +         self.y = None
# -         self.t = np.tanh(np.asarray(x) / 2)
# +         with np.errstate(over="ignore"):
# +             self.y = 1 / (1 + np.exp(-x))
# ~         return [-(1 + -]self.[-t) / 2-]{+y+}
# ~         if self.[-t-]{+y+} is None:
# ~         return ({+self.y * +}(1 - self.[-t**2) / 4-]{+y)+} * dy,)
# %% right="a stretched tanh"
class SigmoidGate:
    t = None

    def forward(self, x):
        self.t = np.tanh(np.asarray(x) / 2)
        return (1 + self.t) / 2

    def backward(self, dy):
        if self.t is None:
            raise RuntimeError("SigmoidGate: call forward first")
        return ((1 - self.t**2) / 4 * dy,)


# %% right="two branches, each where it cannot overflow" of="the formula as written"
# -         with np.errstate(over="ignore"):
# -             self.y = 1 / (1 + np.exp(-x))
# +         e = np.exp(-np.abs(x))
# +         self.y = np.where(np.asarray(x) >= 0, 1 / (1 + e), e / (1 + e))
# ~         return{+ (dy *+} (self.y [-* (1 -]- self.y[-) * dy-]{+**2)+},)
# %% wrong="overflows on the right" of="the factor 1 - y is forgotten" warned="2.3" points={"03_sigmoid_gate-values": 1.75} says="every value should be finite"
# ~         self.cache = np.exp([---]{+x) / (1 + +}np.[-logaddexp(0.0, --]{+exp(+}x))
# ~         return ({+(1 - self.cache) * +}self.cache * dy,)
# %% wrong="a gradient of inf / inf" of="the formula for the slope, applied to x" warned="2.3" points={"03_sigmoid_gate-values": 1.75} says="backward[0][0] is nan: every value should be finite"
# ~         return ({+np.exp(-x) / +}(1 [-- x-]{++ np.exp(-x)+}) *[- x-]{+* 2+} * dy,)
# %% wrong="the factor 1 - y is forgotten" of="solution" points={"03_sigmoid_gate-values": 0.5} cause="local derivative wrong"
# ~             raise RuntimeError("SigmoidGate[-.backward-]: call forward first")
# -         y = self.cache
# @
# ~         return ([-(1 - y) * y-]{+self.cache+} * dy,)
# %% wrong="the formula for the slope, applied to x" of="solution" points={"03_sigmoid_gate-values": 0.5} cause="local derivative wrong"
# -         self.cache = np.exp(-np.logaddexp(0.0, -x))
# +         self.cache = x
# ~         return [-self.cache-]{+np.exp(-np.logaddexp(0.0, -x))+}
# ~             raise RuntimeError("SigmoidGate[-.backward-]: call forward first")
# ~         [-y-]{+x+} = self.cache
# ~         return ((1 - [-y-]{+x+}) * [-y-]{+x+} * dy,)
# %% wrong="forward lost a sign, backward is right" of="the formula as written" points={"03_sigmoid_gate-values": 0.5} says="forward(1) is wrong"
# ~             self.y = 1 / (1 + np.exp([---]x))
# ~             raise RuntimeError("[-SigmoidGate: call -]forward first")
