"""What notebooks are drawn of: a student's functions, values of many kinds, and what holds or raises them."""

STUDENT = """
import array, collections, datetime, decimal, enum, fractions, types, typing
class MyFloat(float): pass
class MyInt(int): pass
class MyStr(str): pass
class MyList(list): pass
class MyTuple(tuple): pass
class MyDict(dict): pass
class MySet(set): pass
class MyArray(np.ndarray): pass
class Colour(enum.IntEnum):
    RED = 1
class Thing: pass
class Called:
    def __call__(self): return 1.0
class Length:
    def __len__(self): return 2
    def __getitem__(self, index): return [1.0, 2.0][index]
Pair = collections.namedtuple("Pair", "first second")
class Typed(typing.NamedTuple):
    first: float
    second: float
class More(Pair): pass
Strange = collections.namedtuple("Strange", ["größe", "x"])
def ring():
    found = [1.0]
    found.append(found)
    return found
def deep(levels):
    found = 1.0
    for _ in range(levels):
        found = [found]
    return found
def twice(value): return [value, value]
def quiet(make):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return make()
import warnings
KEPT = []
def kind(value): return type(value).__name__
def total(value): return float(np.sum(np.asarray(value)))
def second(value): return value[1]
def values_of(value): return sorted(value.values())
def fields(value): return value.first, value.second
def same(one, other): return one is other
def given(value): return value
def doubled(value):
    value *= 2
    return value
def added(value): value.append(5.0)
def added_later(value): KEPT.append(value)
def later(): KEPT[-1].append(6.0)
def stored(value): value["new"] = 3.0
def swapped(value): value[0], value[-1] = value[-1], value[0]
def emptied(value): value.clear()
def inner(value): value[0][0] = 9.0
def nested(value): value["a"].append(np.ones(2))
def both(one, other):
    one += 1
    return one * other
def kept_array(value):
    KEPT.append(value)
    return value.sum()
def changed_later():
    KEPT[-1][0] = -1.0
def calls(function, value): return function(value)
def calls_and_wraps(function, value):
    try:
        return function(value)
    except Exception as error:
        raise ValueError("wrapped") from error
def swallows(function, value):
    try:
        return function(value)
    except Exception:
        return 1.0
def grid(function, value):
    result = np.zeros_like(value)
    for i in range(value.size):
        value.flat[i] += 1
        result.flat[i] = function(value)
        value.flat[i] -= 1
    return result
"""


def listed(text):
    """Expressions, parted by two semicolons."""
    return [part.strip() for part in text.split(";;")]


WRAPS = [  # how a value is kept, and how it is found again
    ("x", "c"),
    ("(x,)", "c[0]"),
    ("[x]", "c[0]"),
    ("{'x': x}", "c['x']"),
    ("Pair(x, 1)", "c.first"),
    ("Typed(x, 1)", "c.first"),
    ("More(x, 1)", "c.first"),
    ("MyDict(x=x)", "c['x']"),
    ("MyList([x])", "c[0]"),
    ("MyTuple((x,))", "c[0]"),
    ("collections.OrderedDict(x=x)", "c['x']"),
    ("collections.defaultdict(list, x=x)", "c['x'] if c['new'] == [] else None"),
    ("types.MappingProxyType({'x': x})", "c['x']"),
    ("collections.UserDict(x=x)", "c.data['x']"),
    ("types.SimpleNamespace(x=x)", "c.x"),
    ("quiet(lambda: np.matrix(x))", "c.A1"),
    ("np.ma.array(x)", "c.filled(0.0)"),
    ("x.view(MyArray)", "np.asarray(c)"),
    ("lambda: x", "c()"),
    ("{(0, 1): x}", "c[0, 1]"),
    ("iter([x])", "next(c)"),
    ("[[x]] * 2", "c[1][0]"),
    ("x.astype(np.longdouble)", "c.astype(float)"),
    ("np.array([x, None], object)", "c[0]"),
]
STUDENT += (
    "\n".join(
        [
            f"def keep{n}(x):\n    return {kept}\ndef find{n}(c):\n    return {found}"
            for n, (kept, found) in enumerate(WRAPS)
        ]
    )
    + """
def forward_with(n):
    return lambda x: (x * x, globals()[f"keep{n}"](x))
def backward_with(n, how):
    def backward(dout, cache):
        x = globals()[f"find{n}"](cache)
        if how == 1:
            x *= 2.0
            return dout * x
        return 2 * dout * x if how == 0 else globals()[f"keep{how}"](2 * dout * x)
    return backward
"""
)
NOT_IN_GRADIENTS = {"MyList([x])", "MyTuple((x,))", "More(x, 1)", "np.array([x, None], object)"}
VALUES = listed(r"""
    None ;; True ;; False ;; np.bool_(True) ;; 1 ;; 3 ;; -(2**63) ;; 2**64 ;; 2**70 ;; -(2**200) ;;
    10**400 ;; 1.0 ;; 1.5 ;; -0.0 ;; float('nan') ;; float('inf') ;; 1e-320 ;; 1+2j ;; 'text' ;; 'é' ;;
    '\ud800' ;; b'ab' ;; np.float16(1.5) ;; np.float32(1.5) ;; np.float64(1.5) ;; np.longdouble('1.5') ;;
    np.longdouble('1e4000') ;; np.int8(1) ;; np.uint8(1) ;; np.int16(1) ;; np.int64(1) ;;
    np.uint64(2**64-1) ;; np.longlong(1) ;; np.complex64(1) ;; np.complex128(1j) ;; np.clongdouble(1) ;;
    np.str_('a') ;; np.bytes_(b'a') ;; np.datetime64('2020-01-01') ;; np.timedelta64(1, 's') ;;
    np.void(b'a') ;; np.array(1.5) ;; np.array(1) ;; np.array(True) ;; np.array(None) ;; np.ones(2) ;;
    np.array([1.0, 2.0]) ;; np.array([1, 2]) ;; np.array([1, 2], np.uint8) ;;
    np.array([1, 2], np.float16) ;; np.array([1, 2], '>f8') ;; np.array([1, 2], np.longdouble) ;;
    np.array([1, 2], complex) ;; np.array([True, False]) ;; np.array([None, 1.0]) ;;
    np.array(['a', 'b']) ;; np.array([b'a']) ;; np.array([1, 2], 'M8[D]') ;;
    np.array([(1.0, 2)], [('a', float), ('b', int)]) ;; np.rec.array([(1.0, 2.0)], names='a,b') ;;
    np.zeros((0, 3)) ;; np.zeros((3, 0))[::2] ;; np.array([1.0, np.nan]) ;; np.array([-0.0, np.inf]) ;;
    np.ones((2, 2)).T ;; np.arange(4.0)[::2] ;; np.arange(4.0)[::-2] ;;
    np.asfortranarray(np.ones((2, 2))) ;; np.broadcast_to(1.5, (2,)) ;; np.broadcast_to(1.5, (2, 2)) ;;
    np.frombuffer(bytes(16)) ;; np.ones((1, 2)) ;; quiet(lambda: np.matrix([[1.0, 2.0]])) ;;
    quiet(lambda: np.matrix([1.0, 2.0]).T) ;; np.ma.array([1.0, 2.0]) ;;
    np.ma.array([1.0, 2.0], mask=[0, 1]) ;; np.ma.masked ;; np.array([1.0, 2.0]).view(MyArray) ;;
    np.array(1.5).view(MyArray) ;; np.array(['a']).view(MyArray) ;; MyFloat(1.5) ;; MyInt(1) ;;
    MyStr('a') ;; MyList([1.0, 2.0]) ;; MyTuple((1.0, 2.0)) ;; Colour.RED ;; MyDict(a=1.0) ;;
    MySet([1.0]) ;; types.MappingProxyType({'a': 1.0}) ;; collections.OrderedDict(a=1.0) ;;
    collections.defaultdict(float, a=1.0) ;; collections.defaultdict(lambda: 1.0) ;;
    collections.Counter('a') ;; collections.ChainMap({'a': 1.0}) ;; collections.UserDict(a=1.0) ;;
    collections.UserList([1.0, 2.0]) ;; collections.deque([1.0, 2.0]) ;; array.array('d', [1.0, 2.0]) ;;
    memoryview(b'ab') ;; bytearray(b'ab') ;; Pair(1.0, 2.0) ;; Typed(1.0, 2.0) ;; More(1.0, 2.0) ;;
    Strange(1.0, 2.0) ;; Pair(np.ones(2), [1.0]) ;; {} ;; {'a': 1.0} ;; {'a': 1.0, 'b': 2.0} ;; {1: 1.0} ;;
    {(0, 1): 1.0} ;; {None: 1.0} ;; {np.int64(1): 1.0} ;; {'a': np.ones(2), 1: [None]} ;; {True: 1.0} ;;
    {1.5: 1.0} ;; {Thing(): 1.0} ;; {frozenset([1]): 1.0} ;; [] ;; () ;; [1.0, 2.0] ;; (1.0, 2.0) ;;
    (1.0,) ;; [None] ;; [1.0, None] ;; [[1.0], (2.0,)] ;; {1.0, 2.0} ;; frozenset([1]) ;; {1, (2, 3)} ;;
    {Thing()} ;; slice(1, 2) ;; ... ;; NotImplemented ;; range(2) ;; iter([1.0]) ;; (n for n in [1.0]) ;;
    lambda: 1.0 ;; len ;; np.sin ;; int ;; object() ;; Thing() ;; Thing ;; Called() ;; Length() ;;
    ring() ;; deep(10) ;; deep(60) ;; twice(np.ones(2)) ;; twice([1.0]) ;; ValueError('x') ;; np ;;
    fractions.Fraction(1, 2) ;; decimal.Decimal('1.5') ;; datetime.date(2020, 1, 1) ;; np.float64 ;;
    print ;; [Thing(), 1.0] ;; (1.0, Thing()) ;; {'a': Thing()} ;; [np.array([None])] ;; [0.0] * 60_000 ;;
    'a' * 10**6
""")
EXPECTED = listed(r"""
    1.0 ;; 1.5 ;; 1 ;; 2**70 ;; np.float32(1.5) ;; np.array(1.5) ;; np.ones(2) ;; np.array([1.0, 2.0]) ;;
    np.array([[1.0, 2.0]]) ;; np.array([[1.0], [2.0]]) ;; np.ones((2, 2)) ;; np.zeros((0, 3)) ;;
    (1.0, 2.0) ;; [1.0, 2.0] ;; (1.0,) ;; {'a': 1.0} ;; {'a': 1.0, 'b': 2.0} ;; {1: 1.0} ;;
    {(0, 1): 1.0} ;; {None: 1.0} ;; (np.ones(2), [1.0]) ;; [np.ones(2), np.ones(2)] ;; {'a': np.ones(2)} ;;
    () ;; {} ;; [[1.0], [2.0]] ;; np.array([1.0, 3.0]) ;; np.full(2, 1.5) ;; np.array([0.0, 2.0]) ;; 0.0 ;;
    np.zeros(2) ;; (1.0, (1.0, 2.0))
""")
# What a check may hand over (docs/authoring.md).
ARGUMENTS = listed(r"""
    None ;; True ;; 1 ;; 2**70 ;; 1.5 ;; -0.0 ;; float('nan') ;; 1+2j ;; 'é' ;; b'ab' ;; np.float32(1.5) ;;
    np.int8(1) ;; np.bool_(True) ;; np.longdouble(1.5) ;; np.complex64(1j) ;; np.array(1.5) ;;
    np.ones(2) ;; np.ones((2, 2)).T ;; np.arange(4.0)[::2] ;; np.broadcast_to(1.5, (2,)) ;;
    np.zeros((0, 3)) ;; [1.0, 2.0] ;; (1.0, [2.0]) ;; {'a': 1.0} ;; {(0, 1): 1.0} ;; {1.5: None} ;;
    {1.0, 2.0} ;; frozenset([1]) ;; slice(1, 2) ;; ... ;; [np.ones(2)] * 2 ;; [[1.0]] * 2 ;; [] ;; {} ;;
    [None]
""")
RAISES = listed(r"""
    ValueError('no') ;; TypeError('no') ;; KeyError('k') ;; IndexError(3) ;; ZeroDivisionError() ;;
    OSError(2, 'no') ;; UnicodeDecodeError('utf8', b'a', 0, 1, 'no') ;;
    type('Own', (ValueError,), {})('no') ;; StopIteration(3) ;; type('Own', (Exception,), {})('no') ;;
    RuntimeError() ;; NotImplementedError() ;; RecursionError('deep') ;; AssertionError('no') ;;
    ArithmeticError('a', 'b') ;; AttributeError('x') ;; LookupError('x' * 300)
""")
KINDS = ["ValueError", "TypeError", "LookupError", "Exception", "RuntimeError", "ArithmeticError"]
