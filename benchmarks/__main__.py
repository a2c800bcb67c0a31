"""Prints every measure with its bar: `make bench`, or `make bench ARGS=startup` for one."""

import importlib
import platform
import sys

MODULES = ("startup", "commits", "kills", "hostile")


def main(names: list[str]) -> int:
    """Measure, print a table, and return 1 if a bar was missed."""
    print(f"{platform.platform()}, Python {platform.python_version()}\n")
    is_all_met = True
    for name in names or MODULES:
        for measure, figure, bar, is_met in importlib.import_module(f"benchmarks.{name}").measure():
            print(
                f"{'ok  ' if is_met else 'MISS'}  {measure}: {figure} (at most {bar})", flush=True
            )
            is_all_met &= is_met
    return 0 if is_all_met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
