"""The recipes of docs/proxies.md, word for word but for ports and files, in front of the real binary."""
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import unittest

from clients import Authority, WebSocket, http, outcome, plain, post, post_for_stream, publish_request, subscribe_over_http
from processes import DEADLINE_S, Process

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "proxies.md")
# The default, and longer than any timeout that these proxies have by default: then the server asks a silent client.
ACTIVITY_TIMEOUT_S = 120
PING = 9
SILENCE_S = ACTIVITY_TIMEOUT_S + DEADLINE_S
APPS = f"""
[[apps]]
id = "1"
keys = [{{ key = "key", secret = "secret" }}]
tls_only = true
[[apps]]
id = "3"
keys = [{{ key = "key-one", secret = "secret" }}]
[apps.limits]
connections_per_address = 1
"""


def recipe(language, number=0):
    """The page's example in that language."""
    with open(PAGE, encoding="utf-8") as page:
        return re.findall(rf"```{language}\n(.*?)```", page.read(), re.DOTALL)[number]


def replaced(text, *pairs):
    """Each old text has to be there, so that the page and this test cannot part."""
    for old, new in pairs:
        assert old in text, (old, text)
        text = text.replace(old, new)
    return text


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy:
    """A proxy's process, and the server behind it."""

    server_config = 'trusted_proxies = ["127.0.0.1"]\n'
    tls_config = ""

    def __init__(self, authority):
        self.certificate, self.key = authority.certificate(type(self).__name__)
        self.both = authority.path(type(self).__name__ + ".both.pem")
        with open(self.both, "wb") as both:
            for name in (self.certificate, self.key):
                with open(name, "rb") as file:
                    shutil.copyfileobj(file, both)
        self.server = Process("serve", f"[server]\nactivity_timeout_seconds = {ACTIVITY_TIMEOUT_S}\n{self.server_config}"
                              + self.tls_section() + APPS,
                              ["--port", "0", "--tls-port", "0", "--loops", "2", "--drain-seconds", "0"])
        self.folder = tempfile.TemporaryDirectory()
        self.port = free_port()
        self.context = ssl.create_default_context(cafile=authority.file)
        path = self.path("configuration")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.configuration())
        with open(self.path("log"), "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(self.command(path), stdout=log, stderr=log,
                                            env={**os.environ, "HOME": self.folder.name, "XDG_DATA_HOME": self.folder.name})
        try:
            self.server.until(self.is_reached)
        except AssertionError:
            self.stop()
            raise

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def tls_section(self):
        return ""

    def log_text(self):
        with open(self.path("log"), encoding="utf-8") as log:
            return log.read()

    def is_reached(self):
        """By a request that the server answers: a proxy that listens may not know its backend yet."""
        if self.process.poll() is not None:
            raise AssertionError(f"the proxy did not start: {self.log_text()}")
        try:
            answer = http(self.connect(), "GET /no-such-page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return answer.startswith("HTTP/1.1 404 ")
        except OSError:
            return False

    def connect(self, source="127.0.0.1"):
        """A client that comes from this address."""
        connected = socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE_S, source_address=(source, 0))
        return self.context.wrap_socket(connected, server_hostname="localhost")

    def stop(self):
        self.process.terminate()
        self.process.wait(DEADLINE_S)
        status, log = self.server.stop()
        assert status == 0, log
        self.folder.cleanup()


class Nginx(Proxy):
    def configuration(self):
        site = replaced(recipe("nginx"), ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
                        ("127.0.0.1:6001", f"127.0.0.1:{self.server.ready['port']}"),
                        ("/etc/ssl/realtime.pem", self.certificate), ("/etc/ssl/realtime.key", self.key))
        folders = "".join(f"{name}_temp_path {self.path(name)};\n"
                          for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return (f"daemon off;\nmaster_process off;\npid {self.path('pid')};\nerror_log stderr;\nevents {{}}\n"
                f"http {{\naccess_log off;\n{folders}{site}}}\n")

    def command(self, path):
        return ["nginx", "-p", self.folder.name, "-e", "stderr", "-c", path]


class HaProxy(Proxy):
    def configuration(self):
        return replaced(recipe("haproxy"), ("bind :443", f"bind 127.0.0.1:{self.port}"),
                        ("127.0.0.1:6001", f"127.0.0.1:{self.server.ready['port']}"), ("/etc/ssl/realtime.pem", self.both))

    def command(self, path):
        return ["haproxy", "-db", "-f", path]


class HaProxyPassingTls(HaProxy):
    """TLS ends in the server, and the client's address comes in a PROXY header."""

    server_config = Proxy.server_config + "proxy_protocol = true\n"

    def tls_section(self):
        return f'[tls]\ncertificate = "{self.certificate}"\nkey = "{self.key}"\n'

    def configuration(self):
        return replaced(recipe("haproxy", 1), ("bind :443", f"bind 127.0.0.1:{self.port}"),
                        ("127.0.0.1:6443", f"127.0.0.1:{self.server.ready['tls_port']}"))


class Caddy(Proxy):
    def configuration(self):
        site = replaced(recipe("caddyfile"), ("realtime.example.com {", f"https://localhost:{self.port} {{\n"
                                              f"  bind 127.0.0.1\n  tls {self.certificate} {self.key}"),
                        ("127.0.0.1:6001", f"127.0.0.1:{self.server.ready['port']}"))
        return f"{{\n  admin off\n  auto_https disable_redirects\n}}\n{site}"

    def command(self, path):
        return ["caddy", "run", "--adapter", "caddyfile", "--config", path]


class Silent:
    """A WebSocket that nobody speaks on until the server asks."""

    def __init__(self, proxy):
        self.proxy = proxy
        self.began = time.monotonic()
        self.socket = WebSocket(proxy.connect())
        assert self.socket.event()["event"] == "pusher:connection_established"
        self.socket.socket.settimeout(SILENCE_S)

    def check(self):
        opcode, payload = self.socket.frame()
        assert opcode == PING, (opcode, payload)
        assert time.monotonic() - self.began >= ACTIVITY_TIMEOUT_S - 1
        self.socket.pong()
        self.socket.subscribe("after-silence")
        self.socket.close()


class Recipe:
    """What has to work through every proxy."""

    proxy = None

    def publish(self, channel, data):
        answer = http(self.proxy.connect(), publish_request(channel, "e", data))
        self.assertTrue(answer.startswith("HTTP/1.1 200 "), answer)

    def test_websockets_and_the_signed_api(self):
        client = WebSocket(self.proxy.connect())  # of an app that takes TLS only
        self.assertEqual(client.event()["event"], "pusher:connection_established")
        client.subscribe("news")
        for data in ("short", "x" * 9000):
            self.publish("news", data)
            self.assertEqual(client.event(), {"event": "e", "channel": "news", "data": data})
        client.close()

    def test_streams_are_not_held_back(self):
        url = "/pusher/app/key/1/stream/xhr_streaming?protocol=7"
        connected = self.proxy.connect()
        stream = post_for_stream(connected, url)
        lines = iter(lambda: stream.readline().decode(), "")
        self.assertEqual(next(lines).strip("h\n"), "")  # the padding
        self.assertEqual(next(lines), "o\n")
        self.assertIn("connection_established", next(lines))
        post(self.proxy.connect(), url.replace("xhr_streaming", "xhr_send"), subscribe_over_http("news"), status=204)
        self.assertIn("subscription_succeeded", next(lines))
        for number in range(3):  # each has to be here before there is a next one
            self.publish("news", f"number {number}")
            self.assertIn(f"number {number}", next(lines))
        connected.close()

    def test_polls_wait_for_what_comes(self):
        url = "/pusher/app/key/1/poll/xhr?protocol=7"
        connected = self.proxy.connect()
        self.assertRegex(post(connected, url), "^o\na.*connection_established")
        post(connected, url.replace("/xhr?", "/xhr_send?"), subscribe_over_http("news"), status=204)
        self.assertIn("subscription_succeeded", post(connected, url))
        answers = []
        waiting = threading.Thread(target=lambda: answers.append(post(connected, url)))
        waiting.start()
        self.publish("news", "while it waits")
        waiting.join(DEADLINE_S)
        self.assertIn("while it waits", answers[0])
        connected.close()

    def test_limits_count_clients_and_not_the_proxy(self):
        kept = []
        for source, expected in (("127.0.0.2", 0), ("127.0.0.2", 4100), ("127.0.0.3", 0)):
            client, code = outcome(self.proxy.connect(source), "key-one", "X-Forwarded-For: 192.0.2.9\r\n")
            self.assertEqual(code, expected, source)
            kept.append(client)
        for client in kept:
            client.close()


class NginxTest(Recipe, unittest.TestCase):
    make = Nginx


class HaProxyTest(Recipe, unittest.TestCase):
    make = HaProxy


class HaProxyPassingTlsTest(Recipe, unittest.TestCase):
    make = HaProxyPassingTls


class CaddyTest(Recipe, unittest.TestCase):
    make = Caddy


CASES = (NginxTest, HaProxyTest, HaProxyPassingTlsTest, CaddyTest)
silent = []


class SilenceTest(unittest.TestCase):
    """Last: the silent clients of all proxies wait while the other tests run."""

    def test_a_silent_client_is_not_cut(self):
        for client in silent:
            with self.subTest(type(client.proxy).__name__):
                client.check()


def setUpModule():
    authority = Authority()
    unittest.addModuleCleanup(authority.close)
    for case in CASES:
        case.proxy = case.make(authority)
        unittest.addModuleCleanup(case.proxy.stop)
        silent.append(Silent(case.proxy))


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in (*CASES, SilenceTest))


if __name__ == "__main__":
    unittest.main(verbosity=2)
