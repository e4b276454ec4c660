"""The C++ SDK, through its program, beside the official server SDK for Python (pusher)."""

import json
import os
import subprocess
import time
import unittest

from pusher.signature import sign

from support import APP_ID, DEADLINE_SECONDS, KEY, MASTER_KEY, SECRET, ConformanceTest

SOCKET = "218.4471"


@unittest.skipUnless(os.environ.get("FANFARE_SDK_BRIDGE"), "FANFARE_SDK_BRIDGE names no program of the C++ SDK")
class CppSdkTest(ConformanceTest):
    def run_bridge(self, verb, *arguments, body="", status=0):
        environment = {"PUSHER_APP_ID": APP_ID, "PUSHER_KEY": KEY, "PUSHER_SECRET": SECRET, "PUSHER_HOST": "127.0.0.1",
                       "PUSHER_PORT": str(self.server.port), "PUSHER_SSL": "false",
                       "PUSHER_ENCRYPTION_MASTER_KEY_BASE64": MASTER_KEY}
        ended = subprocess.run([os.environ["FANFARE_SDK_BRIDGE"], verb, *arguments], env=environment, input=body.encode(),
                               capture_output=True, timeout=2 * DEADLINE_SECONDS, check=False)
        self.assertEqual(ended.returncode, status, ended.stderr)
        return ended.stdout.decode()

    def test_ref_3_4_both_sign_subscriptions_alike(self):
        for channel in ("private-a", "private-encrypted-a", "presence-a"):
            ours = json.loads(self.run_bridge("authorize", SOCKET, channel))
            theirs = self.sdk.authenticate(channel, SOCKET)
            if isinstance(theirs.get("shared_secret"), bytes):
                theirs["shared_secret"] = theirs["shared_secret"].decode()
            self.assertEqual(ours, theirs)

    def test_ref_3_4_both_sign_the_same_channel_data_alike(self):
        theirs = self.sdk.authenticate("presence-a", SOCKET, {"user_id": "u7", "user_info": {"name": "Zoë"}})
        ours = json.loads(self.run_bridge("authorize", SOCKET, "presence-a", theirs["channel_data"]))
        self.assertEqual(ours, theirs)

    def test_ref_6_1_both_sign_users_alike(self):
        theirs = self.sdk.authenticate_user(SOCKET, {"id": "u7", "user_info": {"name": "Zoë"}, "watchlist": ["u8"]})
        self.assertEqual(json.loads(self.run_bridge("authenticate", SOCKET, theirs["user_data"])), theirs)

    def test_ref_10_each_accepts_the_others_webhooks(self):
        body = json.dumps({"time_ms": int(time.time() * 1000),
                           "events": [{"name": "member_added", "channel": "presence-é", "user_id": "u7"}]})
        self.assertEqual(self.run_bridge("webhook", KEY, sign(SECRET, body), body=body), "member_added\n")
        signature = self.run_bridge("sign-webhook", body=body).strip()
        self.assertEqual(self.sdk.validate_webhook(KEY, signature, body)["events"][0]["user_id"], "u7")

    def test_ref_10_both_refuse_forged_and_old_ones(self):
        body = json.dumps({"time_ms": int(time.time() * 1000), "events": []})
        self.assertIsNone(self.sdk.validate_webhook(KEY, sign("wrong", body), body))
        self.assertEqual(self.run_bridge("webhook", KEY, sign("wrong", body), body=body, status=1), "unauthorized\n")
        old = json.dumps({"time_ms": int((time.time() - 600) * 1000), "events": []})
        self.assertIsNone(self.sdk.validate_webhook(KEY, sign(SECRET, old), old))
        self.assertEqual(self.run_bridge("webhook", KEY, sign(SECRET, old), body=old, status=1), "expired\n")

    def test_ref_9_3_what_it_publishes_arrives(self):
        listener = self.listen(["py-cpp"], ["news"])
        listener.subscribed("py-cpp")
        self.run_bridge("trigger", "py-cpp", "news", '{"text":"Zoë"}')
        self.assertEqual(json.loads(listener.next("news", "py-cpp")), {"text": "Zoë"})
