"""Pysher, a community client: protocol 6, a ping before anything else, errors read as objects."""

import json
import queue
import time

import pysher

from support import DEADLINE_SECONDS, KEY, ConformanceTest


class PysherTest(ConformanceTest):
    def test_ref_14_1_connects_with_protocol_6_and_its_early_ping_is_answered(self):
        pongs = queue.Queue()
        listener = self.listen(["py-early"])
        listener.client.connection.bind("pusher:pong", pongs.put)
        listener.subscribed("py-early")
        self.assertRegex(listener.client.connection.socket_id, r"^\d+\.\d+$")
        listener.client.connection.send_ping()
        pongs.get(timeout=DEADLINE_SECONDS)

    def test_ref_3_public_and_private_channels(self):
        listener = self.listen(["py-public", "private-py-secret"], ["news"])
        listener.subscribed("py-public", "private-py-secret")
        for channel in ("py-public", "private-py-secret"):
            self.sdk.trigger(channel, "news", {"on": channel})
            self.assertEqual(json.loads(listener.next("news", channel)), {"on": channel})

    def test_ref_4_presence_member_added_and_removed(self):
        events = ["pusher_internal:member_added", "pusher_internal:member_removed"]
        one = self.listen(["presence-py-room"], events, {"user_id": "u7", "user_info": {"name": "Zoë"}})
        roster = json.loads(one.subscribed("presence-py-room"))
        self.assertEqual(roster["presence"]["hash"], {"u7": {"name": "Zoë"}})
        two = self.listen(["presence-py-room"], (), {"user_id": 9})
        self.assertEqual(sorted(json.loads(two.subscribed("presence-py-room"))["presence"]["ids"]), ["9", "u7"])
        self.assertEqual(json.loads(one.next("pusher_internal:member_added"))["user_id"], "9")
        two.close()
        self.assertEqual(json.loads(one.next("pusher_internal:member_removed"))["user_id"], "9")

    def test_ref_5_client_events_reach_the_others(self):
        one = self.listen(["private-py-chat"], ["client-typing", "after"])
        two = self.listen(["private-py-chat"], ["client-typing", "after"])
        one.subscribed("private-py-chat")
        two.subscribed("private-py-chat")
        one.client.channel("private-py-chat").trigger("client-typing", {"on": True})
        self.assertEqual(json.loads(two.next("client-typing")), {"on": True})
        self.sdk.trigger("private-py-chat", "after", 1)
        one.next("after")

    def test_ref_1_8_a_wrong_signature_does_not_disconnect(self):
        listener = self.listen(["py-fine"], ["news"])
        listener.subscribed("py-fine")
        listener.client.subscribe("private-py-wrong", auth=f"{KEY}:00")
        error = listener.next("pusher:error")
        self.assertIsNone(error["code"])
        self.assertRegex(error["message"], "^Invalid signature")
        self.sdk.trigger("py-fine", "news", 1)
        listener.next("news", "py-fine")

    def test_ref_3_10_unsubscribe_and_subscribe_again(self):
        listener = self.listen(["py-again"], ["news"])
        listener.subscribed("py-again")

        def again(_):
            listener.client.unsubscribe("py-again")
            listener.subscribe(["py-again"], ["news"])

        # In Pysher's own thread: from another one the answer may come before the channel is known to it.
        listener.client.channel("py-again").bind("again", again)
        self.sdk.trigger("py-again", "again", 1)
        listener.subscribed("py-again")
        self.sdk.trigger("py-again", "news", 1)
        listener.next("news")

    def test_ref_14_2_10_an_unknown_key_is_said_by_an_event_or_a_close(self):
        client = pysher.Pusher("nobody", secure=False, custom_host="127.0.0.1", port=self.server.port, reconnect_interval=60)
        client.connection.bind("pusher:connection_established", lambda _: self.fail("an unknown key got in"))
        client.connect()
        deadline = time.monotonic() + DEADLINE_SECONDS
        # Told by an event, or waiting for its next attempt after the close: both end the connection that was refused.
        while client.connection.state != "unavailable" and client.connection.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertLess(time.monotonic(), deadline, f"the client is still {client.connection.state}")


if __name__ == "__main__":
    import unittest
    unittest.main()
