"""What a process of this machine uses: CPU time, memory."""
import os
import resource
import time
from typing import NamedTuple

CPUCLOCK_SCHED = 2  # linux/posix-timers.h: all threads of a process, the ended ones too


class Cpu(NamedTuple):
    total_s: float  # to the nanosecond
    user_s: float  # by the kernel's ticks, as system_s
    system_s: float

    def since(self, before):
        """The time between the two; its parts are the shares that the ticks tell."""
        total = self.total_s - before.total_s
        user, system = self.user_s - before.user_s, self.system_s - before.system_s
        share = user / (user + system) if user + system > 0 else 0.0
        return Cpu(total, total * share, total * (1 - share))


def cpu_s(pid):
    """What clock_getcpuclockid(3) makes of `pid`, read."""
    return time.clock_gettime_ns((~pid << 3) | CPUCLOCK_SCHED) / 1e9


def cpu_of(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()  # the name in parentheses may hold anything
    ticks = os.sysconf("SC_CLK_TCK")
    return Cpu(cpu_s(pid), int(fields[11]) / ticks, int(fields[12]) / ticks)


def rss_bytes(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Rss:"))


def raise_open_files():
    """To as many as the process may. Returns how many."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard
