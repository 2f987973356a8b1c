# %% base="as most write it" of="solution"
# ~         "hidden_size": [-40-]{+50+},
# ~         "learning_rate_decay": [-0.98-]{+1.0+},
# ~         "reg": [-5e-4-]{+1e-3+},
# ~         "num_iters": [-800-]{+500+},
# %% right="more units, no decay" of="solution"
# ~         "hidden_size": [-40-]{+100+},
# ~         "std": 0.[-1-]{+05+},
# ~         "learning_rate": 0.[-5-]{+3+},
# ~         "learning_rate_decay": [-0.98-]{+1+},
# ~         "reg": [-5e-]{+1e+}-4,
# ~         "num_iters": [-800-]{+2000+},
# ~         "batch_size": [-100-]{+50+},
# %% right="whole batches, more steps" of="as most write it"
# ~         "std": 0.[-1-]{+2+},
# ~         "learning_rate": 0.[-5-]{+8+},
# ~         "num_iters": [-500-]{+1500+},
# ~         "batch_size": [-100-]{+300+},
# %% wrong="the defaults of train" of="as most write it" points={"09_digits_settings-values": 0.5} says="of the test images are recognized"
# ~         "std": [-0.1-]{+1e-4+},
# ~         "learning_rate": [-0.5-]{+1e-3+},
# ~         "learning_rate_decay": [-1.0-]{+0.95+},
# ~         "reg": [-1e-3-]{+5e-6+},
# ~         "num_iters": [-500-]{+100+},
# ~         "batch_size": [-100-]{+200+},
# %% wrong="a learning rate that is far too large" of="as most write it" points={"09_digits_settings-values": 0.5} says="of the test images are recognized"
# ~         "learning_rate": [-0.5-]{+100.0+},
# %% wrong="too much regularization" of="as most write it" points={"09_digits_settings-values": 0.5} says="of the test images are recognized"
# ~         "reg": [-1e--]{+0.+}3,
# %% wrong="half a hidden unit" of="as most write it" points={"09_digits_settings-values": 0} says="hidden_size should be an integer from 1 to 100"
# ~         "hidden_size": 50{+.5+},
