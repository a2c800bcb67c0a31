"""The program in a terminal that grows to 100x30 while its size, 40x12, is being read."""

import fcntl
import struct
import sys
import termios

from textual.drivers.linux_driver import LinuxDriver

from conduit_tui import cli

_read_size = LinuxDriver._get_terminal_size


def grow(driver: LinuxDriver) -> tuple[int, int]:
    """Return the size that was read, which is not that of the terminal any more."""
    size = _read_size(driver)
    if size == (40, 12):
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    return size


if __name__ == "__main__":
    LinuxDriver._get_terminal_size = grow
    sys.exit(cli.run(sys.argv[1:]))
