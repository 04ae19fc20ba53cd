"""The door to TA-Lib: its functions over arrays, without pandas.

TA-Lib loads pandas by itself where it is installed, a third of a trader's start and 36 MB, for two classes that it
compares its arguments with. Here it gets two that look for theirs in pandas once somebody has loaded that: a user's own
kind may hand Series and frames to TA-Lib as ever.
"""

import sys
from inspect import unwrap
from types import ModuleType, SimpleNamespace
from typing import Any


class _Later(type):
    """What stands for the class of this name in pandas, which may be loaded later or never."""

    def __instancecheck__(cls, value: object) -> bool:
        """Whether `value` is one of pandas' own."""
        own = getattr(sys.modules.get("pandas"), cls.__name__, None)
        return own is not None and isinstance(value, own)

    def __call__(cls, *args: Any, **more: Any) -> Any:
        """One of pandas' own: who asks has handed in one."""
        return getattr(sys.modules["pandas"], cls.__name__)(*args, **more)


def _stand_in() -> ModuleType:
    """What TA-Lib takes for pandas."""
    made = ModuleType("pandas")
    for name in ("Series", "DataFrame"):
        setattr(made, name, _Later(name, (), {}))
    return made


_loaded = "pandas" in sys.modules
if not _loaded:
    sys.modules["pandas"] = _stand_in()

import talib as whole  # noqa: E402  not before it finds what stands for pandas

if not _loaded:
    del sys.modules["pandas"]

# Around each of its functions TA-Lib looks for Series: without that a mean takes half the time.
talib: Any = SimpleNamespace(**{name: unwrap(made) for name, made in vars(whole).items() if name.isupper()})

__all__ = ["talib"]
