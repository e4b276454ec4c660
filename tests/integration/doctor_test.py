"""`fanfare doctor` of the real binary: on a made-up host, where each answer is known, and on this one."""
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["FANFARE_BINARY"]
CAPACITY_PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/capacity.md")
DEADLINE_S = 20  # reached only by a failure

CONFIG = """
[server]
port = {port}
loops = 2
listen_backlog = 1024
{more}

[metrics]
port = {metrics_port}

[[apps]]
id = "app-id"
keys = [{{ key = "app-key", secret = "app-secret" }}]
"""

# What a healthy machine with two cores and 4 GiB available has.
HOST_FILES = {
    "/proc/self/limits": "Max open files            1024                 1048576              files     \n",
    "/proc/self/status": "CapEff:\t0000000000000000\nCpus_allowed_list:\t0-1\n",
    "/proc/self/cgroup": "0::/\n",
    "/proc/self/mountinfo": "31 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
    "/proc/meminfo": "MemAvailable:    4194304 kB\nSwapTotal:             0 kB\n",
    "/proc/sys/fs/nr_open": "1048576\n",
    "/proc/sys/fs/file-max": "9223372036854775807\n",
    "/proc/sys/fs/file-nr": "1000\t0\t9223372036854775807\n",
    "/proc/sys/vm/swappiness": "60\n",
    "/proc/sys/net/core/somaxconn": "4096\n",
    "/proc/sys/net/ipv4/tcp_max_syn_backlog": "1024\n",
    "/proc/sys/net/ipv4/tcp_syncookies": "1\n",
    "/proc/sys/net/ipv4/ip_local_port_range": "32768\t60999\n",
    "/proc/sys/net/ipv4/tcp_mem": "95000\t126000\t190000\n",
    "/proc/sys/net/ipv4/tcp_rmem": "4096\t131072\t6291456\n",
    "/proc/sys/net/ipv4/tcp_wmem": "4096\t16384\t4194304\n",
    "/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
    "/sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
    "/sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc hpet\n",
}


class DoctorTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="fanfare-doctor-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = os.path.join(self.folder, "host")
        for path, text in HOST_FILES.items():
            self.write_host(path, text)
        self.config = os.path.join(self.folder, "fanfare.toml")
        self.write_config()

    def write_host(self, path, text):
        file = self.root + path
        os.makedirs(os.path.dirname(file), exist_ok=True)
        with open(file, "w", encoding="utf-8") as out:
            out.write(text)

    def write_config(self, more="", port=0, metrics_port=0):
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(CONFIG.format(more=more, port=port, metrics_port=metrics_port))

    def run_doctor(self, *arguments, root=True):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUSHER_", "FANFARE_", "XDG_"))}
        environment = {**kept, "HOME": self.folder, "FANFARE_DATA_DIR": os.path.join(self.folder, "data")}
        command = [BINARY, "doctor", "--config", self.config, *(["--root", self.root] if root else []), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False)
        self.assertNotIn("app-secret", done.stdout + done.stderr)
        return done

    def checks(self, *arguments, status):
        done = self.run_doctor("--json", *arguments)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        report = json.loads(done.stdout)
        return report, {check["id"]: check for check in report["checks"]}

    def test_a_healthy_host_passes_every_check(self):
        report, checks = self.checks(status=0)
        self.assertEqual({name: check for name, check in checks.items() if check["verdict"] != "ok"}, {})
        self.assertEqual((report["connections"], report["verdict"]), (10000, "ok"))
        for name in ("configuration", "server.port", "metrics.port", "server.data_dir", "open_files_hard", "cgroup_memory"):
            self.assertIn(name, checks)
        self.assertEqual(os.path.exists(os.path.join(self.folder, "data")), False)  # it looks and leaves all as it was

    def test_more_connections_than_the_host_allows_fail(self):
        report, checks = self.checks("--connections", "2000000", status=1)
        self.assertEqual((report["connections"], report["verdict"]), (2000000, "fail"))
        failed = {name for name, check in checks.items() if check["verdict"] == "fail"}
        self.assertEqual(failed, {"nr_open", "open_files_hard", "open_files_soft", "memory", "tcp_mem"})
        lines = [remedy["line"] for remedy in checks["open_files_hard"]["remedies"]]
        self.assertIn("LimitNOFILE=2016384", lines)
        self.assertIn("--ulimit nofile=2016384:2016384", lines)
        self.assertIn({"where": "/etc/sysctl.d/60-fanfare.conf", "line": "fs.nr_open = 2016384"},
                      checks["nr_open"]["remedies"])

    def test_the_configuration_says_how_many_connections(self):
        self.write_config(more="connections_max = 1000000")
        report, checks = self.checks(status=1)
        self.assertEqual(report["connections"], 1000000)
        self.assertEqual(checks["open_files_hard"]["verdict"], "ok")  # what the shipped unit sets is enough
        report, _ = self.checks("--connections-max", "5000", status=0)
        self.assertEqual(report["connections"], 5000)

    def test_a_warning_alone_exits_0(self):
        self.write_host("/proc/sys/net/core/somaxconn", "128\n")
        report, checks = self.checks(status=0)
        self.assertEqual(report["verdict"], "warn")
        self.assertEqual(checks["somaxconn"]["verdict"], "warn")

    def test_what_a_container_hides_exits_0(self):
        os.remove(self.root + "/proc/sys/net/ipv4/tcp_mem")
        report, checks = self.checks(status=0)
        self.assertEqual(report["verdict"], "unknown")
        self.assertEqual(checks["tcp_mem"]["verdict"], "unknown")

    def test_a_cgroup_limits_what_the_machine_has(self):
        self.write_host("/sys/fs/cgroup/memory.max", "33554432\n")
        self.write_host("/sys/fs/cgroup/cpu.max", "100000 100000\n")
        self.write_host("/sys/fs/cgroup/pids.max", "4\n")
        _, checks = self.checks(status=1)
        self.assertEqual([checks[name]["verdict"] for name in ("cgroup_memory", "cgroup_cpu", "cgroup_tasks", "memory")],
                         ["fail", "warn", "fail", "ok"])

    def test_a_port_that_is_taken_fails(self):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            self.write_config(port=other.getsockname()[1])
            _, checks = self.checks(status=1)
        self.assertEqual(checks["server.port"]["verdict"], "fail")
        self.assertIn(f"the port is taken by process {os.getpid()}", checks["server.port"]["found"])

    def test_faults_of_the_configuration_are_told_and_the_host_is_checked(self):
        self.write_config(more='nonsense = 1\ndrain_seconds = -1')
        done = self.run_doctor()
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        lines = done.stdout.splitlines()
        self.assertTrue(lines[1].startswith("fail     configuration"), lines)
        self.assertRegex(done.stdout, r"\n         \S+fanfare.toml:\d+:\d+: .*nonsense")
        self.assertRegex(done.stdout, r"\n         \S+fanfare.toml:\d+:\d+: .*drain_seconds")
        self.assertIn("\nok       open_files_hard", done.stdout)
        self.assertNotIn("server.port", done.stdout)

    def test_the_text_says_what_to_change(self):
        done = self.run_doctor("--connections", "200000")
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.startswith("For 200,000 connections:\n"), done.stdout)
        self.assertIn("fail     tcp_mem ", done.stdout)
        self.assertIn('\n         run: sysctl -w net.ipv4.tcp_mem="200000 266666 400000"\n', done.stdout)
        self.assertRegex(done.stdout.splitlines()[-1], r"^\d+ checks: \d+ ok, 0 unknown, \d+ warn, 1 fail\.$")

    def test_what_the_capacity_page_sets_is_enough_for_a_million(self):
        with open(CAPACITY_PAGE, encoding="utf-8") as page:
            text = page.read()
        blocks = re.findall(r"^```(\w*)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        sysctls = next(block for kind, block in blocks if "fs.nr_open" in block)
        unit = next(block for kind, block in blocks if "LimitNOFILE" in block)
        for key, value in re.findall(r"^([\w.]+) = (.*)$", sysctls, re.MULTILINE):
            self.write_host("/proc/sys/" + key.replace(".", "/"), value + "\n")
        self.write_host("/proc/sys/net/netfilter/nf_conntrack_count", "100\n")
        limit = re.search(r"^LimitNOFILE=(\d+)$", unit, re.MULTILINE).group(1)
        self.write_host("/proc/self/limits", f"Max open files            1024   {limit}   files\n")
        memory = int(re.search(r"^MemoryMax=(\d+)G$", unit, re.MULTILINE).group(1)) << 30
        self.write_host("/sys/fs/cgroup/memory.max", f"{memory}\n")
        self.write_host("/proc/meminfo", "MemAvailable:   31457280 kB\nSwapTotal:      1024 kB\n")
        self.write_host("/proc/self/status", "CapEff:\t0\nCpus_allowed_list:\t0-15\n")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(next(block for kind, block in blocks if kind == "toml"))
        report, checks = self.checks("--port", "0", "--metrics-port", "0", status=0)
        self.assertEqual(report["connections"], 1000000)
        self.assertEqual({name: check for name, check in checks.items()
                          if check["verdict"] != "ok" and name != "ip_local_port_range"}, {})
        self.assertTrue(checks["ip_local_port_range"]["needed"].startswith("16 source addresses"))

    def test_limits_of_a_server_that_runs(self):
        ready = os.path.join(self.folder, "ready.json")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUSHER_", "FANFARE_", "XDG_"))}
        server = subprocess.Popen([BINARY, "serve", "--config", self.config, "--ready-file", ready, "--drain-seconds", "0",
                                   "--data-dir", os.path.join(self.folder, "data")],
                                  env={**kept, "HOME": self.folder}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait, DEADLINE_S)
        self.addCleanup(server.terminate)
        deadline = time.monotonic() + DEADLINE_S
        while not os.path.exists(ready):
            self.assertIsNone(server.poll())
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        with open(ready, encoding="utf-8") as file:
            port = json.load(file)["port"]
        done = self.run_doctor("--json", "--connections", "10", "--pid", str(server.pid), "--port", str(port), root=False)
        checks = {check["id"]: check for check in json.loads(done.stdout)["checks"]}
        self.assertNotIn("server.port", checks)  # it has it
        # The server has raised its soft limit to the hard one; this process's may be lower.
        with open(f"/proc/{server.pid}/limits", encoding="utf-8") as file:
            soft, hard = next(line for line in file if line.startswith("Max open files")).split()[3:5]
        self.assertEqual(soft, hard)
        self.assertIn(f"soft limit {int(soft):,}", checks["open_files_soft"]["found"])

    def test_this_host_is_told(self):
        done = self.run_doctor("--json", "--connections", "1", root=False)
        self.assertIn(done.returncode, (0, 1))
        self.assertEqual(done.stderr, "")
        checks = {check["id"]: check for check in json.loads(done.stdout)["checks"]}
        self.assertEqual([checks[name]["verdict"] for name in ("configuration", "server.port", "open_files_hard", "nr_open")],
                         ["ok", "ok", "ok", "ok"])

    def test_the_command_line_is_checked(self):
        for arguments, text in ((["--connections", "0"], "--connections"), (["--connections", "many"], "--connections"),
                                (["--pid", "0"], "--pid"), (["--root", self.folder + "/none"], "there is no"),
                                (["--conections", "1"], 'did you mean "--connections"?')):
            done = self.run_doctor(*arguments, root=False)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(text, done.stderr)
        done = self.run_doctor("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("Examples:", done.stdout)


if __name__ == "__main__":
    unittest.main()
