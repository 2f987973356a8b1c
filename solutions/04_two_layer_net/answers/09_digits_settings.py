# %% right="more units, no decay"
def digits_settings():
    return {
        "hidden_size": 100,
        "std": 0.05,
        "learning_rate": 0.3,
        "learning_rate_decay": 1,
        "reg": 1e-4,
        "num_iters": 2000,
        "batch_size": 50,
    }


# %% right="whole batches, more steps"
def digits_settings():
    return {
        "hidden_size": 50,
        "std": 0.2,
        "learning_rate": 0.8,
        "learning_rate_decay": 1.0,
        "reg": 1e-3,
        "num_iters": 1500,
        "batch_size": 300,
    }


# %% wrong="the defaults of train" points={"09_digits_settings-values": 0.5} says="of the test images are recognized"
def digits_settings():
    return {
        "hidden_size": 50,
        "std": 1e-4,
        "learning_rate": 1e-3,
        "learning_rate_decay": 0.95,
        "reg": 5e-6,
        "num_iters": 100,
        "batch_size": 200,
    }


# %% wrong="a learning rate that is far too large" points={"09_digits_settings-values": 0.5} says="of the test images are recognized"
def digits_settings():
    return {
        "hidden_size": 50,
        "std": 0.1,
        "learning_rate": 100.0,
        "learning_rate_decay": 1.0,
        "reg": 1e-3,
        "num_iters": 500,
        "batch_size": 100,
    }


# %% wrong="too much regularization" of="a learning rate that is far too large" points={"09_digits_settings-values": 0.5} says="of the test images are recognized"
# -         "learning_rate": 100.0,
# +         "learning_rate": 0.5,
# @
# -         "reg": 1e-3,
# +         "reg": 0.3,

# %% wrong="half a hidden unit" of="a learning rate that is far too large" points={"09_digits_settings-values": 0} says="hidden_size should be an integer from 1 to 100"
# -         "hidden_size": 50,
# +         "hidden_size": 50.5,
# @
# -         "learning_rate": 100.0,
# +         "learning_rate": 0.5,
