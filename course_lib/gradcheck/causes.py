"""What can be wrong with a gradient, as names that programs compare and people read."""

import enum


class Cause(enum.Flag):
    """Why a gradient is wrong.

    A diagnosis is usually one member. Where two causes explain the numbers equally well it is their union, so
    ask `Cause.SIGN in diagnosis` rather than `diagnosis == Cause.SIGN`. `str(cause)` is a short readable
    name.
    """

    # the contract: looked at before any value
    RAISED = enum.auto()
    WRONG_COUNT = enum.auto()
    WRONG_TYPE = enum.auto()
    WRONG_SHAPE = enum.auto()
    WRONG_DTYPE = enum.auto()
    NON_FINITE = enum.auto()
    MUTATED = enum.auto()
    NOT_DETERMINISTIC = enum.auto()
    FOREIGN_CACHE = enum.auto()
    # the upstream gradient
    UPSTREAM_IGNORED = enum.auto()
    UPSTREAM_MISUSED = enum.auto()
    MASK_FROM_WRONG_TENSOR = enum.auto()
    # a factor
    SIGN = enum.auto()
    FACTOR_2 = enum.auto()
    SCALE_N = enum.auto()
    CONSTANT_FACTOR = enum.auto()
    # the right numbers in the wrong places
    TRANSPOSED = enum.auto()
    TRANSPOSED_OPERAND = enum.auto()
    SWAPPED_ARGUMENTS = enum.auto()
    WRONG_AXIS = enum.auto()
    WRONG_SUM = enum.auto()
    OFF_BY_ONE = enum.auto()
    # masks and routing
    MISSING_MASK = enum.auto()
    INVERTED_MASK = enum.auto()
    TIE_COUNTED_TWICE = enum.auto()
    # terms
    ZERO = enum.auto()
    ZERO_IN_PART = enum.auto()
    OVERWRITTEN = enum.auto()
    DROPPED_PATH = enum.auto()
    SIGN_OF_ONE_TERM = enum.auto()
    REGULARIZATION = enum.auto()
    # precision
    ONE_ENTRY = enum.auto()
    FLOAT32 = enum.auto()
    NUMERICAL_DIFFERENTIATION = enum.auto()
    # the formula itself
    LOCAL_DERIVATIVE = enum.auto()
    NO_DEPENDENCE = enum.auto()
    OTHER_VALUE = enum.auto()

    def __str__(self) -> str:
        return " or ".join(_NAMES.get(member) or _in_words(member) for member in self)


def _in_words(member: Cause) -> str:
    return str(member.name).lower().replace("_", " ")


#: Of causes that read better than their member's name does.
_NAMES = {
    Cause.RAISED: "raised an exception",
    Cause.WRONG_COUNT: "wrong number of gradients",
    Cause.NON_FINITE: "non-finite",
    Cause.MUTATED: "mutated argument",
    Cause.FOREIGN_CACHE: "not this forward's cache",
    Cause.UPSTREAM_IGNORED: "upstream gradient ignored",
    Cause.UPSTREAM_MISUSED: "not proportional to the upstream gradient",
    Cause.MASK_FROM_WRONG_TENSOR: "mask from the wrong tensor",
    Cause.SCALE_N: "scale by N",
    Cause.WRONG_SUM: "summed too much or not at all",
    Cause.OFF_BY_ONE: "off by one index",
    Cause.REGULARIZATION: "missing or mis-scaled regularization",
    Cause.LOCAL_DERIVATIVE: "local derivative wrong",
    Cause.NO_DEPENDENCE: "no dependence on the argument",
    Cause.OTHER_VALUE: "wrong value",
}


#: How the sentence begins where none of the simple slips was found.
NOTHING_SIMPLE = "no simple slip explains it"


class ContractError(Exception):
    """A checked function broke its contract in a way that leaves nothing to compare.

    `where` names the argument or function at fault, or is empty for the call as a whole. `cause` is None for
    a function that is simply not written yet.
    """

    def __init__(self, cause: Cause | None, sentence: str, where: str = "") -> None:
        super().__init__(sentence)
        self.cause = cause
        self.sentence = sentence
        self.where = where
