"""The gateway of the real binary: alone in front of a server, which goes and comes, and inside of it."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

from clients import WebSocket, plain
from processes import BINARY, DEADLINE_S, Process, clean_environment

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "bench/gateway"))

import gateway_bench  # noqa: E402

SECRET = "a secret for tokens of thirty-two bytes and more"
APP = {"PUSHER_APP_ID": "app-id", "PUSHER_KEY": "app-key", "PUSHER_SECRET": "app-secret"}


def token(claims, secret=SECRET, header=None):
    def encode(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    claims = {"exp": int(time.time()) + 600, **claims}
    text = encode(json.dumps(header or {"alg": "HS256"}).encode()) + "." + encode(json.dumps(claims).encode())
    return text + "." + encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())


def serve(port=0, **more):
    return Process("serve", '[[apps]]\nid = "app-id"\nkeys = [{ key = "app-key", secret = "app-secret" }]\n',
                   ["--port", str(port), "--loops", "2", "--drain-seconds", "0", *more.pop("arguments", ())], **more)


def gateway(channels_port, config="", **more):
    return Process("gateway", config, ["--gateway-port", "0", "--gateway-metrics-port", "0"], JWT_SECRET=SECRET, **APP,
                   PUSHER_HOST="127.0.0.1", PUSHER_PORT=str(channels_port), PUSHER_SSL="false", **more)


def ask(port, path, body=None, caller=None, headers=None, method=None):
    """Status, headers and JSON of an answer."""
    headers = {"Content-Type": "application/json", **(headers or {})}
    if caller is not None:
        headers["Authorization"] = "Bearer " + (caller if isinstance(caller, str) else token(caller))
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
            return answer.status, answer.headers, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.headers, json.loads(refusal.read() or b"null")


ADMIN = {"sub": "1", "role": "admin"}
EVENT = {"channel": "private-admin", "event": "e", "data": {"n": 1}}


class AloneTest(unittest.TestCase):
    def test_says_that_the_server_is_away_and_goes_on_when_it_is_back(self):
        server = serve()
        port = server.ready["port"]
        front = gateway(port)
        try:
            mine = front.ready["port"]
            self.assertEqual(ask(mine, "/api/v1/realtime/trigger", EVENT, ADMIN)[0], 200)
            self.assertEqual(ask(mine, "/health")[0], 200)
            self.assertEqual(server.stop()[0], 0)
            status, headers, answer = ask(mine, "/api/v1/realtime/trigger", EVENT, ADMIN)
            self.assertEqual(status, 503)
            self.assertEqual(answer["error"]["code"], "channels_unavailable")
            self.assertEqual(answer["error"]["request_id"], headers["X-Request-Id"])
            self.assertTrue(headers["Retry-After"])
            front.until(lambda: ask(mine, "/health")[0] == 503)
            self.assertEqual(ask(mine, "/health/pusher/status")[2]["data"]["status"], "unhealthy")
            # Signing needs no server.
            auth = {"socket_id": "1.2", "channel_name": "private-admin"}
            self.assertEqual(ask(mine, "/api/v1/pusher/auth", auth, ADMIN)[0], 200)
            server = serve(port)
            front.until(lambda: ask(mine, "/api/v1/realtime/trigger", EVENT, ADMIN)[0] == 200)
            front.until(lambda: ask(mine, "/health")[0] == 200)
        finally:
            status, _ = front.stop()
            server.stop()
        self.assertEqual(status, 0)

    def test_logs_and_counts_without_a_token(self):
        front = gateway(1)
        mine = front.ready["port"]
        good, forged = token({"sub": "7", "role": "student"}), token(ADMIN, "guessed")
        auth = {"socket_id": "1.2", "channel_name": "private-student"}
        self.assertEqual(ask(mine, "/api/v1/pusher/auth?access_token=querysecret", auth, good)[0], 200)
        self.assertEqual(ask(mine, "/api/v1/pusher/auth", auth, forged)[0], 401)
        none = token(ADMIN, header={"alg": "none"})
        self.assertEqual(ask(mine, "/api/v1/pusher/auth", auth, none)[2]["error"]["code"], "token_algorithm")
        with urllib.request.urlopen(f"http://127.0.0.1:{front.ready['metrics_port']}/metrics") as page:
            metrics = page.read().decode()
        self.assertIn('fanfare_gateway_signatures_total{kind="channel"} 1', metrics)
        self.assertIn("fanfare_gateway_tokens_refused_total 2", metrics)
        with urllib.request.urlopen(f"http://127.0.0.1:{front.ready['metrics_port']}/ready") as page:
            self.assertEqual(page.status, 200)
        status, log = front.stop()
        self.assertEqual(status, 0)
        self.assertIn("user=7", log)
        self.assertIn("code=token_signature", log)
        for secret in (good, forged, SECRET, "app-secret", "querysecret"):
            self.assertNotIn(secret, log)

    def test_switched_off_it_skips_publishing_and_says_so(self):
        front = gateway(1, PUSHER_ENABLED="false")
        mine = front.ready["port"]
        self.assertEqual(ask(mine, "/api/v1/realtime/trigger", EVENT, ADMIN)[2], {"success": True, "skipped": True})
        auth = {"socket_id": "1.2", "channel_name": "private-admin"}
        self.assertEqual(ask(mine, "/api/v1/pusher/auth", auth, ADMIN)[0], 503)
        self.assertEqual(ask(mine, "/health")[0], 200)
        self.assertIs(ask(mine, "/health/pusher/status")[2]["data"]["pusher_enabled"], False)
        self.assertEqual(front.stop()[0], 0)

    def test_new_rules_take_effect_on_sighup_and_bad_ones_do_not(self):
        front = gateway(1)
        mine = front.ready["port"]
        teacher, auth = {"sub": "2", "role": "teacher"}, {"socket_id": "1.2", "channel_name": "private-desk"}
        self.assertEqual(ask(mine, "/api/v1/pusher/auth", auth, teacher)[0], 403)
        front.write_config('[[access.rules]]\nchannel = "private-desk"\nsubscribe = "nonsense"\n')
        front.process.send_signal(signal.SIGHUP)
        front.until(lambda: "nothing has changed" in front.log_text())
        self.assertEqual(ask(mine, "/api/v1/pusher/auth", auth, teacher)[0], 403)
        front.write_config('[[access.rules]]\nchannel = "private-desk"\nsubscribe = "teacher"\n')
        front.process.send_signal(signal.SIGHUP)
        front.until(lambda: ask(mine, "/api/v1/pusher/auth", auth, teacher)[0] == 200)
        self.assertEqual(front.stop()[0], 0)

    def test_hands_webhooks_on_to_a_command_in_order(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "got")
            front = gateway(1, f"[gateway]\nwebhook_command = 'cat >> {path}; echo >> {path}'\n")
            sent = []
            for number in range(5):
                event = {"name": "channel_occupied", "channel": f"c{number}"}
                body = json.dumps({"time_ms": int(time.time() * 1000), "events": [event]}).encode()
                signature = hmac.new(b"app-secret", body, hashlib.sha256).hexdigest()
                headers = {"X-Pusher-Key": "app-key", "X-Pusher-Signature": signature}
                self.assertEqual(ask(front.ready["port"], "/pusher/webhook", body, headers=headers)[0], 200)
                self.assertEqual(ask(front.ready["port"], "/pusher/webhook", body, headers=headers)[2]["dropped"],
                                 "repeated")
                sent.append(body.decode())

            def got():
                if not os.path.exists(path):
                    return []
                with open(path, encoding="utf-8") as file:
                    return file.read().splitlines()

            front.until(lambda: len(got()) >= len(sent))
            self.assertEqual(got(), sent)
            self.assertEqual(front.stop()[0], 0)

    def test_hands_webhooks_on_to_a_url_in_order_and_tries_again(self):
        got = []

        def hook(headers, body):
            got.append((headers["X-Pusher-Key"], headers["X-Pusher-Signature"], body))
            return (500, {}) if len(got) == 1 else (200, {})

        application = WebServer({"/hook": hook})
        self.addCleanup(application.close)
        front = gateway(1, f"[gateway]\nwebhook_url = '{application.url('/hook')}'\n")
        sent = []
        for number in range(3):
            event = {"name": "channel_vacated", "channel": f"c{number}"}
            body = json.dumps({"time_ms": int(time.time() * 1000), "events": [event]}).encode()
            sent.append(("app-key", hmac.new(b"app-secret", body, hashlib.sha256).hexdigest(), body))
            headers = {"X-Pusher-Key": "app-key", "X-Pusher-Signature": sent[-1][1]}
            self.assertEqual(ask(front.ready["port"], "/pusher/webhook", body, headers=headers)[0], 200)
        front.until(lambda: len(got) >= 4)
        self.assertEqual(got, [sent[0], *sent])
        self.assertEqual(front.stop()[0], 0)

    def test_does_not_start_with_what_makes_no_sense(self):
        with tempfile.TemporaryDirectory() as home:
            for expected, environment in [
                ("the gateway needs an app", {}),
                ("algorithms", {**APP, "JWT_ALGORITHMS": "none"}),
                ("master", {**APP, "PUSHER_ENCRYPTION_MASTER_KEY_BASE64": "c2hvcnQ="}),
                ("cannot be opened", {**APP, "JWT_PUBLIC_KEY_FILE": "/nowhere.pem"}),
                ("trusted_proxies", {**APP, "FANFARE_GATEWAY_TRUSTED_PROXIES": "example.com"}),
            ]:
                done = subprocess.run([BINARY, "gateway", "--gateway-port", "0", "--gateway-metrics-port", "0"],
                                      env=clean_environment(home, **environment), capture_output=True, text=True,
                                      timeout=DEADLINE_S, check=False)
                self.assertEqual(done.returncode, 2, expected)
                self.assertIn(expected, done.stderr)


class InsideTest(unittest.TestCase):
    def test_publishes_without_a_hop_and_stops_with_requests_under_way(self):
        server = serve(arguments=["--gateway-enabled", "--gateway-port", "0", "--gateway-jwt-secret", SECRET])
        mine = server.ready["gateway_port"]
        self.assertEqual(ask(mine, "/api/v1/realtime/trigger", EVENT, ADMIN)[0], 200)
        event = {"channel": "private-admin", "event": "e", "data": 1, "info": "subscription_count"}
        self.assertEqual(ask(mine, "/api/v1/realtime/trigger", event, ADMIN)[0], 400, "counting is off for this app")
        first = ask(mine, "/api/v1/realtime/trigger-batch", {"batch": [EVENT] * 10}, ADMIN, {"Idempotency-Key": "k"})
        again = ask(mine, "/api/v1/realtime/trigger-batch", {"batch": [EVENT] * 10}, ADMIN, {"Idempotency-Key": "k"})
        self.assertEqual((first[0], again[0]), (200, 200))
        with urllib.request.urlopen(f"http://127.0.0.1:{server.ready['metrics_port']}/metrics") as page:
            metrics = page.read().decode()
        self.assertIn('fanfare_core_published_events_total{source="api"} 11', metrics)
        self.assertIn("fanfare_gateway_published_events_total 21", metrics)
        self.assertEqual(server.stop()[0], 0)


    def test_one_table_of_rules_for_the_gateway_and_the_server(self):
        server = Process("serve", """
[[apps]]
id = "app-id"
keys = [{ key = "app-key", secret = "app-secret" }]
access_rules = true
[[access.rules]]
channel = "desk-{desk_id}"
subscribe = "teacher, desks={desk_id}"
trigger = "admin"
""", ["--port", "0", "--loops", "2", "--drain-seconds", "0", "--gateway-enabled", "--gateway-port", "0",
      "--gateway-jwt-secret", SECRET])
        mine = server.ready["gateway_port"]
        teacher = {"sub": "7", "role": "teacher"}

        def listed(caller):
            return ask(mine, "/api/v1/realtime/channels", caller=caller)[2]["channels"]

        client = WebSocket(plain(server.ready["port"]), key="app-key")
        socket_id = json.loads(client.event()["data"])["socket_id"]
        # Held until the sign-in, and counted nowhere; the second one is answered, so that the first was read.
        client.send({"event": "pusher:subscribe", "data": {"channel": "desk-1"}})
        client.subscribe("orders")
        self.assertEqual(listed(teacher), {"orders": {}})
        self.assertEqual(ask(mine, "/health/pusher/status")[2]["data"]["total_channels"], 1)
        signed = ask(mine, "/api/v1/pusher/user-auth", {"socket_id": socket_id}, teacher)[2]
        client.send({"event": "pusher:signin", "data": signed})
        self.assertEqual(client.event()["event"], "pusher:signin_success")
        granted = client.event()
        self.assertEqual((granted["event"], granted["channel"]), ("pusher_internal:subscription_succeeded", "desk-1"))

        self.assertEqual(listed(teacher), {"desk-1": {}, "orders": {}})
        self.assertEqual(listed({"sub": "8", "role": "student", "desks": ["1"]}), {"desk-1": {}, "orders": {}})
        self.assertEqual(listed({"sub": "8", "role": "student", "desks": ["2"]}), {"orders": {}})
        note = {"channel": "desk-1", "event": "note", "data": "x"}
        status, _, refused = ask(mine, "/api/v1/realtime/trigger", note, teacher)
        self.assertEqual((status, refused["error"]["message"]), (403, "needs role admin"))
        self.assertEqual(ask(mine, "/api/v1/realtime/trigger", note, ADMIN)[0], 200)
        self.assertEqual(client.event()["event"], "note")
        client.close()
        self.assertEqual(server.stop()[0], 0)


class WebServer:
    """Answers with what `pages` has for a path: a function of the request's headers and body, which returns status and JSON."""

    def __init__(self, pages):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):  # noqa: N802
                received = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, answer = pages[self.path](self.headers, received)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def jwk(keys, kid):
    """The public half of an ES256 key as a JSON Web Key."""
    public = gateway_bench.openssl("pkey", "-in", str(keys.private), "-pubout", "-outform", "DER")
    x, y = public[-64:-32], public[-32:]
    return {"kty": "EC", "crv": "P-256", "kid": kid, "x": gateway_bench.base64url(x), "y": gateway_bench.base64url(y)}


class IdentityTest(unittest.TestCase):
    """Whom the real binary believes, and what it calls them."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def folder_of(self, name):
        path = pathlib.Path(self.folder.name) / name
        path.mkdir()
        return path

    def authorize(self, front, channel, caller=None, **headers):
        auth = {"socket_id": "1.2", "channel_name": channel}
        status, _, answer = ask(front.ready["port"], "/api/v1/pusher/auth", auth, caller, headers)
        return status, answer

    def test_claim_names_are_settings(self):
        front = gateway(1, """
[gateway]
claim_user_id = "uid"
claim_role = "https://id.example/role"
claim_name = "full.name"
claim_avatar = "picture"
claim_classes = "groups"
""", FANFARE_GATEWAY_CLAIM_WATCHLIST="friends")
        caller = {"uid": 7, "https://id.example/role": "student", "full.name": "Ida", "picture": "i.png", "groups": ["5b"],
                  "friends": ["8"], "sub": "9", "role": "admin", "name": "Bo", "classes": ["6a"], "watchlist": ["1"]}
        info = {"name": "Ida", "role": "student", "avatar": "i.png"}
        member = json.loads(self.authorize(front, "presence-classroom-1", caller)[1]["channel_data"])
        self.assertEqual(member, {"user_id": "7", "user_info": info})
        signed = ask(front.ready["port"], "/api/v1/pusher/user-auth", {"socket_id": "1.2"}, caller)[2]
        self.assertEqual(json.loads(signed["user_data"]), {"id": "7", "user_info": info, "watchlist": ["8"]})
        for channel, status in [("private-class-5b", 200), ("private-class-6a", 403), ("private-admin", 403),
                                ("private-user-9", 403)]:
            self.assertEqual(self.authorize(front, channel, caller)[0], status, channel)
        self.assertEqual(front.stop()[0], 0)

    def test_a_key_is_bound_to_its_algorithms(self):
        keys = pathlib.Path(self.folder.name) / "keys.json"
        encoded = base64.urlsafe_b64encode(SECRET.encode()).rstrip(b"=").decode()
        keys.write_text(json.dumps({"keys": [{"kty": "oct", "kid": "k", "alg": "HS512", "k": encoded}]}))
        front = Process("gateway", "", ["--gateway-port", "0", "--gateway-metrics-port", "0"], JWT_JWKS_FILE=str(keys), **APP)

        def outcome(algorithm, digest, **header):
            text = ".".join(gateway_bench.base64url(json.dumps(part).encode()) for part in (
                {"alg": algorithm, **header}, {"sub": "7", "role": "student", "exp": int(time.time()) + 600}))
            signature = hmac.new(SECRET.encode(), text.encode(), digest).digest()
            status, answer = self.authorize(front, "private-student", text + "." + gateway_bench.base64url(signature))
            return answer["error"]["code"] if status != 200 else status

        self.assertEqual(outcome("HS512", hashlib.sha512, kid="k"), 200)
        self.assertEqual(outcome("HS512", hashlib.sha512), 200)
        self.assertEqual(outcome("HS256", hashlib.sha256, kid="k"), "token_algorithm")
        self.assertEqual(outcome("HS256", hashlib.sha256), "token_key_unknown")
        self.assertEqual(front.stop()[0], 0)

    def test_keys_behind_a_url_rotate(self):
        first, second = (gateway_bench.Keys("ES256", self.folder_of(name)) for name in ("first", "second"))
        published = [jwk(first, "first")]
        fetches = []

        def keys(_headers, _body):
            fetches.append(1)
            return 200, {"keys": list(published)}

        issuer = WebServer({"/jwks": keys})
        self.addCleanup(issuer.close)
        front = Process("gateway", "[gateway]\njwt_jwks_refetch_min_seconds = 1\n",
                        ["--gateway-port", "0", "--gateway-metrics-port", "0"], JWT_JWKS_URL=issuer.url("/jwks"), **APP)
        old, new = first.token(1, kid="first"), second.token(1, kid="second")
        for _ in range(20):
            self.assertEqual(self.authorize(front, "private-student", old)[0], 200)
        self.assertEqual(len(fetches), 1, "kept, not fetched for each token")
        forged = second.token(1, kid="first")
        self.assertEqual(self.authorize(front, "private-student", forged)[1]["error"]["code"], "token_signature")

        published[:] = [jwk(second, "second")]
        front.until(lambda: self.authorize(front, "private-student", new)[0] == 200)
        self.assertEqual(self.authorize(front, "private-student", old)[1]["error"]["code"], "token_key_unknown")
        self.assertEqual(front.stop()[0], 0)

    def test_a_session_is_checked_by_its_application(self):
        people = {"sid=abc": {"sub": 7, "role": "student", "name": "Ida", "classes": ["5b"]}}

        def session(headers, _body):
            claims = people.get(headers["Cookie"])
            return (200, claims) if claims else (401, {})

        application = WebServer({"/session": session})
        self.addCleanup(application.close)
        front = gateway(1, '[gateway]\nsession_cookie = "sid"\ncors_origins = ["https://app.example"]\n',
                        FANFARE_GATEWAY_SESSION_URL=application.url("/session"))
        page = {"Origin": "https://app.example"}
        status, answer = self.authorize(front, "presence-classroom-1", Cookie="sid=abc", **page)
        self.assertEqual(status, 200)
        self.assertEqual(json.loads(answer["channel_data"]),
                         {"user_id": "7", "user_info": {"name": "Ida", "role": "student"}})
        self.assertEqual(self.authorize(front, "private-class-5b", Cookie="sid=abc", **page)[0], 200)
        for cookie, origin, code in [("sid=abd", "https://app.example", "session_unknown"),
                                     ("sid=abc", "https://evil.example", "origin_forbidden"),
                                     ("other=abc", "https://app.example", "token_missing")]:
            refused = self.authorize(front, "private-class-5b", Cookie=cookie, Origin=origin)[1]
            self.assertEqual(refused["error"]["code"], code)
        self.assertEqual(front.stop()[0], 0)


def run(*arguments, **environment):
    """`fanfare <arguments>` in an empty folder."""
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run([BINARY, *arguments], env=clean_environment(home, **environment), capture_output=True,
                              text=True, timeout=DEADLINE_S, check=False)


class CommandsTest(unittest.TestCase):
    """What `fanfare token` and `fanfare auth` make by hand."""

    def test_a_minted_token_is_believed(self):
        front = gateway(1, '[gateway]\njwt_issuer = "me"\njwt_audience = ["classroom"]\n')
        with tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
            config.write('[gateway]\njwt_issuer = "me"\njwt_audience = ["classroom"]\n')
            config.flush()
            made = run("token", "7", "--role", "student", "--name", "Ida", "--class", "5b", "--config", config.name,
                       JWT_SECRET=SECRET)
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        minted = made.stdout.strip()
        for channel, status in [("private-student", 200), ("private-class-5b", 200), ("private-user-7", 200),
                                ("private-teacher", 403)]:
            auth = {"socket_id": "1.2", "channel_name": channel}
            self.assertEqual(ask(front.ready["port"], "/api/v1/pusher/auth", auth, minted)[0], status, channel)
        auth = {"socket_id": "1.2", "channel_name": "presence-classroom-1"}
        answer = ask(front.ready["port"], "/api/v1/pusher/auth", auth, minted)[2]
        self.assertEqual(json.loads(answer["channel_data"]),
                         {"user_id": "7", "user_info": {"name": "Ida", "role": "student"}})
        self.assertEqual(front.stop()[0], 0)
        self.assertEqual(run("token", "7").returncode, 2, "without a secret")

    def test_a_signature_by_hand_is_what_the_protocol_says(self):
        def sign(text):
            return "app-key:" + hmac.new(b"app-secret", text.encode(), hashlib.sha256).hexdigest()

        made = json.loads(run("auth", "1.2", "private-x", **APP).stdout)
        self.assertEqual(made, {"auth": sign("1.2:private-x")})
        made = json.loads(run("auth", "1.2", "presence-x", "--user", "7", "--info", '{"name":"Ida"}', **APP).stdout)
        self.assertEqual(json.loads(made["channel_data"]), {"user_id": "7", "user_info": {"name": "Ida"}})
        self.assertEqual(made["auth"], sign("1.2:presence-x:" + made["channel_data"]))
        made = json.loads(run("auth", "1.2", "--user", "7", **APP).stdout)
        self.assertEqual(made["auth"], sign("1.2::user::" + made["user_data"]))
        for wrong in [("1.2:x", "private-x"), ("1.2", "orders"), ("1.2", "private-x:y"), ("1.2",)]:
            refused = run("auth", *wrong, **APP)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""), wrong)


if __name__ == "__main__":
    unittest.main()
