# %% right="where picks the finite branch, with a warning" of="solution"
# -     return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x
# +     out = np.where(x > 0, x, np.exp(x) - 1)
# +     return out, (x, out)
# ~     x{+, out+} = cache
# ~     return dout * np.[-exp(np.minimum(x, 0))-]{+where(x > 0, 1, out + 1)+}
# %% right="with expm1 and masks" of="solution"
# -     return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x
# +     out = np.array(x, dtype=float)
# +     out[x <= 0] = np.expm1(x[x <= 0])
# +     return out, {"out": out}
# ~     [-x-]{+out+} = cache{+["out"]+}
# ~     return dout * np.[-exp(np.-]minimum([-x, 0))-]{+out + 1, 1)+}
# %% wrong="a mask that multiplies infinity by 0" of="solution" warned="4.3" points={"03_elu-values": 1.5} says="finite"
# -     return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1), x
# +     return (x > 0) * x + (x <= 0) * (np.exp(x) - 1), x
# %% wrong="backwards a mask that multiplies infinity by 0" of="solution" warned="4.3" points={"03_elu-values": 1.5} cause="non-finite"
# ~     return dout * {+((x > 0) + (x <= 0) * +}np.exp([-np.minimum(x, 0-]{+x+}))
# %% wrong="the 1 is not subtracted" of="solution" points={"03_elu-values": 0.5} says="out"
# ~     return np.where(x > 0, x, np.exp(np.minimum(x, 0))[- - 1-]), x
# %% wrong="the slope is the value" of="solution" points={"03_elu-values": 0.5} says="dx"
# ~     return dout *{+ np.where(x > 0, 1,+} np.exp(np.minimum(x, 0)){+ - 1)+}
# %% wrong="a plain ReLU backwards" of="solution" points={"03_elu-values": 1} says="dx"
# ~     return dout * [-np.exp(np.minimum(x,-]{+(x >+} 0)[-)-]
# %% wrong="dout is ignored" of="solution" points={"03_elu-values": 0.5} cause="upstream gradient ignored"
# ~     return[- dout *-] np.exp(np.minimum(x, 0))
# %% wrong="dout is scaled in place" of="solution" points={"03_elu-values": 1.5} says="changed its argument `dout`"
# ~     [-return -]dout *{+=+} np.exp(np.minimum(x, 0))
#       dout *= np.exp(np.minimum(x, 0))
# +     return dout
