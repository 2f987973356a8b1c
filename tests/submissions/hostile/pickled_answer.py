# %% [markdown] says="should be a number, not"
# The answer would run code if it were unpickled or copied on the other side.

# %% answer="01_norm"
class Bomb:
    def __reduce__(self):
        return (exec, ("open('@CANARY@', 'w').close()",))

    __reduce_ex__ = lambda self, protocol: self.__reduce__()
    __deepcopy__ = __copy__ = lambda self, *args: exec("open('@CANARY@', 'w').close()")


def norm(x):
    return Bomb()
