#!/usr/bin/env python3
"""What the gateway's requests cost: requests a second, and the server's CPU time a request, over keep-alive connections.

    bench/gateway/gateway_bench.py build/bench             the programs fanfare and fanfare-request-load in there
    bench/gateway/gateway_bench.py build/bench --seconds 10 --runs 5 --json result.json

`fanfare gateway` runs alone, its limits off, its log silent, on one core; the load on another. Measures alternate, A B C A B
C, and medians are printed. Needs openssl for keys of RS256 and ES256.
"""
import argparse
import base64
import contextlib
import hashlib
import hmac
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))
from harness.cores import pinned, server_and_load  # noqa: E402
from harness.program import Program  # noqa: E402

SECRET = "a secret for tokens of thirty-two bytes and more"
CHANNELS = {"PUSHER_APP_ID": "1", "PUSHER_KEY": "app-key", "PUSHER_SECRET": "app-secret", "PUSHER_HOST": "127.0.0.1",
            "PUSHER_PORT": "1", "PUSHER_SSL": "false"}  # nobody is there: signing needs no Channels server
CONFIG = '[log]\nlevel = "error"\n[gateway]\nauth_limit_per_user = 0\nlimit_per_address = 0\n'
USERS = 64


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, text=b""):
    return subprocess.run(["openssl", *arguments], input=text, capture_output=True, check=True).stdout


def raw_signature(der):
    """r and s of an ECDSA signature, 32 bytes each, as JWTs have them (RFC 7518, 3.4)."""
    numbers, at = [], 2
    for _ in range(2):
        length = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big"))
        at += 2 + length
    return b"".join(numbers)


class Keys:
    """A private key in a folder, and the gateway's settings that believe it."""

    def __init__(self, algorithm, folder):
        self.algorithm = algorithm
        self.private = folder / f"{algorithm}.pem"
        public = folder / f"{algorithm}.pub.pem"
        if algorithm == "HS256":
            self.environment = {"JWT_SECRET": SECRET}
            return
        kind = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if algorithm == "RS256" else [
            "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        openssl("genpkey", *kind, "-out", str(self.private))
        openssl("pkey", "-in", str(self.private), "-pubout", "-out", str(public))
        self.environment = {"JWT_PUBLIC_KEY_FILE": str(public)}

    def token(self, user, **header):
        """A token of the user numbered so; `header`: what its header says besides alg and typ."""
        claims = {"sub": f"user-{user}", "role": "student", "name": f"Student {user}", "classes": ["5b"],
                  "exp": int(time.time()) + 86_400}
        text = base64url(json.dumps({"alg": self.algorithm, "typ": "JWT", **header}).encode())
        text += "." + base64url(json.dumps(claims).encode())
        if self.algorithm == "HS256":
            signature = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).digest()
        else:
            signature = openssl("dgst", "-sha256", "-sign", str(self.private), text=text.encode())
            signature = signature if self.algorithm == "RS256" else raw_signature(signature)
        return text + "." + base64url(signature)


def request(path, form, token):
    authorization = f"Authorization: Bearer {token}\r\n" if token else ""
    return (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{authorization}"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n{form}")


AUTH, USER_AUTH = "/api/v1/pusher/auth", "/api/v1/pusher/user-auth"
# Name, algorithm, path, form, expected status; without a token it is what HTTP alone costs.
MEASURES = [
    ("private channel, HS256", "HS256", AUTH, "socket_id=123.456&channel_name=private-student", 200),
    ("presence channel, HS256", "HS256", AUTH, "socket_id=123.456&channel_name=presence-classroom-101", 200),
    ("user sign-in, HS256", "HS256", USER_AUTH, "socket_id=123.456", 200),
    ("private channel, ES256", "ES256", AUTH, "socket_id=123.456&channel_name=private-student", 200),
    ("private channel, RS256", "RS256", AUTH, "socket_id=123.456&channel_name=private-student", 200),
    ("refused without a token", "HS256", AUTH, "socket_id=123.456&channel_name=private-student", 401),
]


@contextlib.contextmanager
def gateway(program, keys, core, config=CONFIG):
    """A running gateway's port and process id."""
    with Program(program, "gateway", config, ["--gateway-port", "0", "--gateway-metrics-port", "0"], pinned(core, []),
                 CHANNELS | keys.environment) as running:
        yield running.ready["port"], running.pid


def measure(options, server, requests, status, core):
    command = [str(options.build / "fanfare-request-load"), "--port", str(server[0]), "--pid", str(server[1]),
               "--requests", str(requests), "--connections", str(options.connections),
               "--milliseconds", str(round(options.seconds * 1000)), "--status", str(status)]
    done = subprocess.run(pinned(core, command), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    report = json.loads(done.stdout)
    if report["results"]["refused"] != 0:
        raise RuntimeError("; ".join(report["warnings"]))
    return report


def median(reports, *path):
    values = []
    for report in reports:
        for key in path:
            report = report[key]
        values.append(report)
    return statistics.median(values)


def table(reports):
    lines = ["| request | requests/s | CPU, µs | of it user, µs | p50, µs | p99, µs | load's share of its core |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    for name, *_ in MEASURES:
        runs = reports[name]
        lines.append(
            f"| {name} | {median(runs, 'results', 'requests_per_second'):,.0f}"
            f" | {median(runs, 'results', 'cpu_us_per_request'):.1f}"
            f" | {median(runs, 'results', 'cpu_user_us_per_request'):.1f}"
            f" | {median(runs, 'latency_us', 'p50'):.0f} | {median(runs, 'latency_us', 'p99'):.0f}"
            f" | {median(runs, 'results', 'generator_busy_percent'):.0f} % |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path, help="folder with the programs")
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    server_core, load_core = server_and_load()
    reports = {name: [] for name, *_ in MEASURES}
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        keys = {algorithm: Keys(algorithm, folder) for algorithm in ("HS256", "RS256", "ES256")}
        tokens = {algorithm: [key.token(user) for user in range(USERS)] for algorithm, key in keys.items()}
        servers = {algorithm: stack.enter_context(gateway(options.build / "fanfare", key, server_core))
                   for algorithm, key in keys.items()}
        for run in range(options.runs):
            for number, (what, algorithm, path, form, status) in enumerate(MEASURES):
                requests = folder / f"requests-{number}"
                of_users = tokens[algorithm] if status == 200 else [None]
                requests.write_text("".join(request(path, form, token) for token in of_users))
                print(f"run {run + 1}: {what}", file=sys.stderr)
                reports[what].append(measure(options, servers[algorithm], requests, status, load_core))
    if options.json:
        options.json.write_text(json.dumps(reports, indent=1))
    print(table(reports))


if __name__ == "__main__":
    main()
