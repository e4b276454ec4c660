"""The real binary over TLS, behind proxies and on a Unix socket, with Python's own TLS."""
import os
import shutil
import signal
import socket
import ssl
import stat
import struct
import tempfile
import time
import unittest
import urllib.request

from clients import (PATIENT, Authority, WebSocket, http, outcome, plain, post, publish_request,
                     subscribe_over_http)
from processes import DEADLINE_S, Process

APPS = """
[[apps]]
id = "1"
keys = [{ key = "key", secret = "secret" }]
[[apps]]
id = "2"
keys = [{ key = "key-tls", secret = "secret" }]
tls_only = true
[[apps]]
id = "3"
keys = [{ key = "key-one", secret = "secret" }]
[apps.limits]
connections_per_address = 1
"""


def serve(config="", arguments=()):
    return Process("serve", config + APPS,
                   ["--port", "0", "--tls-port", "0", "--loops", "2", "--drain-seconds", "0", *arguments])


class ServerTest(unittest.TestCase):
    def start(self, config="", arguments=()):
        server = serve(config, arguments)
        self.servers.append(server)
        return server

    def setUp(self):
        self.servers = []

    def tearDown(self):
        statuses = [server.stop()[0] for server in self.servers]
        self.assertEqual(set(statuses) - {0}, set())

    def metric(self, server, line):
        address = f"http://127.0.0.1:{server.ready['metrics_port']}/metrics"
        with urllib.request.urlopen(address, **PATIENT) as page:
            values = [float(text.split()[-1]) for text in page.read().decode().splitlines() if text.startswith(line)]
        self.assertTrue(values, line)
        return sum(values)


class TlsTest(ServerTest):
    @classmethod
    def setUpClass(cls):
        cls.authority = Authority()

    @classmethod
    def tearDownClass(cls):
        cls.authority.close()

    def tls(self, server, context=None, host="localhost", session=None):
        context = context or ssl.create_default_context(cafile=self.authority.file)
        return context.wrap_socket(plain(server.ready["tls_port"]), server_hostname=host, session=session)

    def start_tls(self, name, config="", arguments=(), server_config=""):
        certificate, key = self.authority.certificate(name)
        tls = f'[tls]\ncertificate = "{certificate}"\nkey = "{key}"\n{config}'
        return self.start(f"[server]\n{server_config}\n{tls}", arguments)

    def test_carries_websockets_and_the_api(self):
        server = self.start_tls("carries")
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = ssl.create_default_context(cafile=self.authority.file)
            context.minimum_version = context.maximum_version = version
            context.set_alpn_protocols(["http/1.1"])
            connected = self.tls(server, context)
            self.assertEqual(connected.selected_alpn_protocol(), "http/1.1")
            client = WebSocket(connected)
            self.assertEqual(client.event()["event"], "pusher:connection_established")
            client.subscribe("news")
            data = "x" * 5000
            answer = http(self.tls(server, context), publish_request("news", "e", data))
            self.assertTrue(answer.startswith("HTTP/1.1 200 OK"), answer)
            self.assertEqual(client.event(), {"event": "e", "channel": "news", "data": data})
            client.close()
        self.assertEqual(self.metric(server, 'fanfare_tls_handshakes_total{version="1.2"}'), 2)
        self.assertEqual(self.metric(server, 'fanfare_tls_handshakes_total{version="1.3"}'), 2)
        self.assertGreater(self.metric(server, "fanfare_tls_certificate_expiry_timestamp_seconds"), time.time())

    def test_many_deliveries_arrive_whole_and_in_order(self):
        server = self.start_tls("order")
        clients = [WebSocket(self.tls(server)) for _ in range(4)]
        for client in clients:
            client.event()
            client.subscribe("news")
        publisher = self.tls(server)
        for number in range(300):
            text = publish_request("news", "e", f"{number} " + "y" * (number * 17 % 3000))
            publisher.sendall(text.replace("Connection: close\r\n", "").encode())
        for client in clients:
            numbers = [int(client.event()["data"].split()[0]) for _ in range(300)]
            self.assertEqual(numbers, list(range(300)))
            client.close()
        publisher.close()

    def test_fallback_sessions_live_on_their_loop(self):
        server = self.start_tls("fallback")
        for number in range(24):
            connected = self.tls(server)
            url = f"/pusher/app/key-tls/1/session{number}/xhr?protocol=7"
            self.assertRegex(post(connected, url), "^o\na.*pusher:connection_established")
            post(connected, url.replace("/xhr?", "/xhr_send?"), subscribe_over_http("news"), status=204)
            self.assertIn("subscription_succeeded", post(connected, url))
            connected.close()
        # Two loops, and a session is at home on the one that its hash says: about half had to move, each once.
        moved = self.metric(server, "fanfare_http_moved_connections_total")
        self.assertTrue(0 < moved < 24, moved)

    def test_apps_for_tls_only_refuse_others(self):
        server = self.start_tls("only")
        self.assertEqual(outcome(plain(server.ready["port"]), "key-tls")[1], 4000)
        self.assertEqual(outcome(self.tls(server), "key-tls")[1], 0)

    def test_the_oldest_version_is_a_setting(self):
        server = self.start_tls("version", 'min_version = "1.3"\n')
        context = ssl.create_default_context(cafile=self.authority.file)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with self.assertRaises(ssl.SSLError):
            self.tls(server, context)
        self.tls(server).close()
        self.assertEqual(self.metric(server, 'fanfare_tls_handshake_failures_total{reason="version"}'), 1)

    def test_clients_come_back_by_ticket(self):
        server = self.start_tls("ticket")
        context = ssl.create_default_context(cafile=self.authority.file)
        first = self.tls(server, context)
        WebSocket(first).event()
        again = self.tls(server, context, session=first.session)
        self.assertTrue(again.session_reused)
        WebSocket(again).event()
        self.assertEqual(self.metric(server, "fanfare_tls_resumed_total"), 1)

    def test_shows_the_certificate_of_the_host(self):
        certificate, key = self.authority.certificate("second", "second.example.com")
        server = self.start_tls("first", f'certificates = [{{ certificate = "{certificate}", key = "{key}" }}]\n')
        for host in ("localhost", "second.example.com"):
            names = self.tls(server, host=host).getpeercert()["subjectAltName"]
            self.assertIn(("DNS", host), names)

    def shown_host(self, server):
        context = ssl.create_default_context(cafile=self.authority.file)
        context.check_hostname = False
        connected = context.wrap_socket(plain(server.ready["tls_port"]))
        host = connected.getpeercert()["subjectAltName"][0][1]
        connected.close()
        return host

    def test_takes_changed_files_without_dropping_a_connection(self):
        server = self.start_tls("renewed", "reload_seconds = 1\n")
        client = WebSocket(self.tls(server))
        client.event()
        client.subscribe("news")
        certificate, key = self.authority.certificate("fresh", "fresh.example.com")
        shutil.copy(certificate, self.authority.path("renewed.pem"))  # the key follows later: no good until then
        server.process.send_signal(signal.SIGHUP)
        server.until(lambda: "the new ones are no good" in server.log_text())
        self.assertIn("renewed.key", server.log_text())
        self.assertEqual(self.shown_host(server), "localhost")
        shutil.copy(key, self.authority.path("renewed.key"))
        server.until(lambda: self.shown_host(server) == "fresh.example.com")
        http(plain(server.ready["port"]), publish_request("news", "e", "still here"))
        self.assertEqual(client.event()["data"], "still here")
        self.assertGreaterEqual(self.metric(server, 'fanfare_tls_certificate_loads_total{outcome="kept_old"}'), 1)

    def test_sighup_takes_another_file(self):
        certificate, key = self.authority.certificate("elsewhere", "elsewhere.example.com")
        server = self.start_tls("here", "reload_seconds = 0\n")
        server.write_config(f'[tls]\ncertificate = "{certificate}"\nkey = "{key}"\nreload_seconds = 0\n' + APPS)
        server.process.send_signal(signal.SIGHUP)
        server.until(lambda: self.shown_host(server) == "elsewhere.example.com")

    def test_the_api_takes_only_clients_with_a_certificate_where_it_is_told(self):
        clients = Authority()
        server = self.start_tls("mutual", f'client_ca = "{clients.file}"\n')
        request = publish_request("news", "e", "d")
        self.assertTrue(http(plain(server.ready["port"]), request).startswith("HTTP/1.1 403 "))
        self.assertTrue(http(self.tls(server), request).startswith("HTTP/1.1 403 "))
        context = ssl.create_default_context(cafile=self.authority.file)
        context.load_cert_chain(*clients.certificate("backend", "backend"))
        self.assertTrue(http(self.tls(server, context), request).startswith("HTTP/1.1 200 "))
        self.assertEqual(outcome(self.tls(server))[1], 0)  # WebSocket clients need none
        clients.close()

    def test_browsers_are_sent_to_https(self):
        server = self.start_tls("redirect", "redirect_http = true\n")
        page = "GET /somewhere?a=b HTTP/1.1\r\nHost: localhost:1\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        answer = http(plain(server.ready["port"]), page)
        self.assertTrue(answer.startswith("HTTP/1.1 307 "), answer)
        self.assertIn(f"Location: https://localhost:{server.ready['tls_port']}/somewhere?a=b\r\n", answer)
        self.assertTrue(http(self.tls(server), page).startswith("HTTP/1.1 404 "))
        self.assertEqual(outcome(plain(server.ready["port"]))[1], 0)

    def test_plain_http_on_the_tls_port_is_told_so(self):
        server = self.start_tls("mistaken")
        answer = http(plain(server.ready["tls_port"]), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        self.assertTrue(answer.startswith("HTTP/1.1 400 "), answer)
        self.assertIn("https://", answer)

    def test_a_drain_says_goodbye_with_4200(self):
        server = self.start_tls("drain")
        client = WebSocket(self.tls(server))
        client.event()
        silent = plain(server.ready["tls_port"])  # whose handshake never begins
        server.until(lambda: self.metric(server, "fanfare_tls_pending_handshakes") == 1)
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(client.close_code(), 4200)
        client.close()
        self.assertEqual(server.process.wait(DEADLINE_S), 0)
        silent.close()

    def test_does_not_start_with_bad_files(self):
        certificate, _ = self.authority.certificate("one")
        _, key = self.authority.certificate("other")
        with self.assertRaisesRegex(AssertionError, "other.key: not the key of|other.key: expected the PEM key"):
            self.start(f'[tls]\ncertificate = "{certificate}"\nkey = "{key}"\n')

    def test_headers_of_a_proxy_come_before_tls(self):
        server = self.start_tls("proxied", server_config='trusted_proxies = ["127.0.0.1"]\nproxy_protocol = true')
        context = ssl.create_default_context(cafile=self.authority.file)
        kept = []
        for client, expected in (("192.0.2.1", 0), ("192.0.2.1", 4100), ("192.0.2.2", 0)):
            connected = plain(server.ready["tls_port"])
            connected.sendall(f"PROXY TCP4 {client} 127.0.0.1 1234 443\r\n".encode())
            one, code = outcome(context.wrap_socket(connected, server_hostname="localhost"), "key-one")
            self.assertEqual(code, expected)
            kept.append(one)

    def test_dev_makes_a_certificate_that_its_authority_vouches_for(self):
        server = self.start("", ["--tls-dev"])
        authority = os.path.join(server.folder.name, "data", "tls", "ca.pem")
        context = ssl.create_default_context(cafile=authority)
        for host in ("localhost", "127.0.0.1"):
            self.assertEqual(outcome(self.tls(server, context, host))[1], 0)
        with open(server.output, encoding="utf-8") as output:
            self.assertIn(f"NODE_EXTRA_CA_CERTS={authority}", output.read())


class ProxyTest(ServerTest):
    def attempt(self, server, headers="", before=b""):
        connected = plain(server.ready["port"])
        connected.sendall(before)
        client, code = outcome(connected, "key-one", headers)
        self.kept.append(client)
        return code

    def setUp(self):
        super().setUp()
        self.kept = []

    def test_limits_count_the_clients_of_trusted_proxies(self):
        server = self.start('[server]\ntrusted_proxies = ["127.0.0.0/8"]\n')
        self.assertEqual(self.attempt(server, "X-Forwarded-For: 192.0.2.1\r\n"), 0)
        self.assertEqual(self.attempt(server, "X-Forwarded-For: 10.9.9.9, 192.0.2.1\r\n"), 4100)
        self.assertEqual(self.attempt(server, "X-Forwarded-For: 192.0.2.2\r\n"), 0)
        server.until(lambda: "address=192.0.2.1" in server.log_text())

    def test_what_others_write_is_not_believed(self):
        server = self.start('[server]\ntrusted_proxies = ["10.0.0.0/8"]\n')
        self.assertEqual(self.attempt(server, "X-Forwarded-For: 192.0.2.1\r\n"), 0)
        self.assertEqual(self.attempt(server, "X-Forwarded-For: 192.0.2.2\r\n"), 4100)

    def test_a_trusted_proxy_may_have_spoken_tls(self):
        server = self.start('[server]\ntrusted_proxies = ["127.0.0.1"]\n')
        secure = "X-Forwarded-Proto: https\r\n"
        self.assertEqual(outcome(plain(server.ready["port"]), "key-tls", secure)[1], 0)
        self.assertEqual(outcome(plain(server.ready["port"]), "key-tls")[1], 4000)

    def test_headers_of_both_versions(self):
        server = self.start('[server]\ntrusted_proxies = ["127.0.0.1"]\nproxy_protocol = true\n')

        def version2(client):
            return (b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c" + socket.inet_aton(client) + socket.inet_aton("127.0.0.1") +
                    struct.pack(">HH", 1234, 80))

        self.assertEqual(self.attempt(server, before=b"PROXY TCP4 192.0.2.1 127.0.0.1 1234 80\r\n"), 0)
        self.assertEqual(self.attempt(server, before=version2("192.0.2.1")), 4100)
        self.assertEqual(self.attempt(server, before=version2("192.0.2.2")), 0)
        self.assertEqual(self.metric(server, "fanfare_proxy_headers_total"), 3)
        with self.assertRaises((EOFError, ConnectionError)):
            self.attempt(server)
        self.assertEqual(self.metric(server, 'fanfare_proxy_refused_total{reason="invalid"}'), 1)


class UnixSocketTest(ServerTest):
    def connect(self, path):
        connected = socket.socket(socket.AF_UNIX)
        connected.settimeout(DEADLINE_S)
        connected.connect(path)
        return connected

    def test_serves_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "fanfare.sock")
            left = socket.socket(socket.AF_UNIX)
            left.bind(path)
            left.close()  # its file stays, as after a crash
            server = self.start(f'[server]\nunix_socket = "{path}"\nunix_socket_mode = "0600"\n'
                                'trusted_proxies = ["unix:"]\n')
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            clients = []
            for address, expected in (("192.0.2.1", 0), ("192.0.2.1", 4100), ("192.0.2.2", 0)):
                client, code = outcome(self.connect(path), "key-one", f"X-Forwarded-For: {address}\r\n")
                self.assertEqual(code, expected)
                clients.append(client)
            subscriber = WebSocket(self.connect(path))
            subscriber.event()
            subscriber.subscribe("news")
            answer = http(self.connect(path), publish_request("news", "e", "by the socket"))
            self.assertTrue(answer.startswith("HTTP/1.1 200 "), answer)
            self.assertEqual(subscriber.event()["data"], "by the socket")
            with self.assertRaisesRegex(AssertionError, "another process listens there"):
                self.start(f'[server]\nunix_socket = "{path}"\n')
            self.assertEqual(server.stop()[0], 0)
            self.servers.remove(server)
            self.assertFalse(os.path.exists(path))


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # sockets of clients are left to their test's end
