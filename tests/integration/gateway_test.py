"""The gateway of the real binary: alone in front of a server, which goes and comes, and inside of it."""
import base64
import hashlib
import hmac
import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

from processes import BINARY, DEADLINE_S, Process, clean_environment

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
