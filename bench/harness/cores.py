"""One core for the server, another for what loads it, so that neither takes the other's time."""
import os


def server_and_load():
    """The two cores' numbers; None and None on a machine with one."""
    cores = sorted(os.sched_getaffinity(0))
    return (cores[0], cores[1]) if len(cores) > 1 else (None, None)


def pinned(core, command):
    return command if core is None else ["taskset", "-c", str(core), *command]
