# %% right="by columns" of="solution"
# ~     return {+np.column_stack([+}W2 @ [-W1-]{+column for column in W1.T])+}
# %% right="by einsum" of="solution"
# ~     return [-W2 @-]{+np.einsum("ch,hd->cd", W2,+} W1{+)+}
# %% wrong="in the order of reading" of="solution" points={"08_collapse-values": 0} says="Error"
# ~     return [-W2-]{+W1+} @ [-W1-]{+W2+}
# %% wrong="transposed, as for rows" of="solution" points={"08_collapse-values": 0} says="W should have shape"
# ~     return [-W2-]{+W1.T+} @ [-W1-]{+W2.T+}
# %% wrong="entry by entry" of="solution" points={"08_collapse-values": 0} says="W"
# ~     return W2 [-@-]{+*+} W1{+.sum(axis=1)+}
