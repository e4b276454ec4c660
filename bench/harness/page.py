"""Tables on a page: between marks, with the machine that they were measured on."""
import contextlib
import os
import platform
import subprocess
import time

END = "<!-- end of table -->"


def machine_text(binary, runs, how="alternated"):
    """`binary`: a fanfare, which tells its version."""
    model = platform.processor() or platform.machine()
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    version = subprocess.run([str(binary), "version"], capture_output=True, text=True, check=False).stdout.strip()
    return (f"{model}, {os.cpu_count()} cores, Linux {platform.release()}; {version}; medians of at least {runs} "
            f"{how} runs; {time.strftime('%Y-%m-%d', time.gmtime())}.")


def around(path, begin):
    """What stands before the mark `begin` and behind the next END."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SystemExit(f"{path}: {error.strerror}") from error
    before, found, rest = text.partition(begin)
    _, end, after = rest.partition(END)
    if not found or not end:
        raise SystemExit(f"{path} has no place for the table, between\n{begin}\n{END}")
    return before, after


def check(path, begin):
    """For before a run of an hour: exits where rewrite() would."""
    around(path, begin)
    if not os.access(path, os.W_OK):
        raise SystemExit(f"{path} cannot be written")


def rewrite(path, begin, table):
    """Puts `table` in the place of what stands between the mark `begin` and the next END."""
    before, after = around(path, begin)
    path.write_text(f"{before}{begin}\n\n{table}\n\n{END}{after}", encoding="utf-8")
