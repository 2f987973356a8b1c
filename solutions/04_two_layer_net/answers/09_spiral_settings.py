# %% right="more units, smaller batches" of="solution"
# ~         "hidden_size": [-50-]{+100+},
# ~         "std": 0.[-5-]{+3+},
# ~         "learning_rate": [-1.0-]{+0.7+},
# ~         "learning_rate_decay": [-1.0-]{+0.9995+},
# ~         "reg": [-3e-]{+1e+}-4,
# ~         "num_iters": [-2000-]{+3000+},
# ~         "batch_size": [-300-]{+100+},
# %% right="20 units without regularization"
def spiral_settings():
    settings = {"hidden_size": 60, "num_iters": 3000, "batch_size": 200}
    settings.update(std=1.0, learning_rate=0.5, learning_rate_decay=1, reg=0.0)
    return settings


# %% wrong="the defaults of train" of="solution" points={"09_spiral_settings-values": 0.25} says="of the points are right"
# ~         "std": [-0.5-]{+1e-4+},
# ~         "learning_rate": [-1.0-]{+1e-3+},
# ~         "learning_rate_decay": [-1.0-]{+0.95+},
# ~         "reg": [-3e-4-]{+5e-6+},
# ~         "num_iters": [-2000-]{+100+},
# ~         "batch_size": [-300-]{+200+},
# %% wrong="too much regularization" of="solution" points={"09_spiral_settings-values": 0.25} says="of the points are right"
# ~         "reg": [-3e-4-]{+0.1+},
# %% wrong="three hidden units" of="solution" points={"09_spiral_settings-values": 0.25} says="of the points are right"
# ~         "hidden_size": [-50-]{+3+},
# ~         "reg": [-3e-4-]{+1e-3+},
# %% wrong="more steps than allowed" of="solution" points={"09_spiral_settings-values": 0} says="num_iters should be an integer from 1 to 3000"
# ~         "reg": [-3e-4-]{+1e-3+},
# ~         "num_iters": [-2000-]{+10**9+},
# %% wrong="reg is forgotten" of="solution" points={"09_spiral_settings-values": 0} says="the settings should be a dict with the keys"
# -         "reg": 3e-4,
