"""The official server SDK for Python (pusher) against the HTTP API."""

import json

from pusher.errors import PusherBadAuth, PusherBadRequest, PusherBadStatus

from support import DEADLINE_SECONDS, KEY, SECRET, ConformanceTest


class ServerSdkTest(ConformanceTest):
    def test_ref_9_3_trigger_one_and_several_channels(self):
        listener = self.listen(["py-one", "py-two"], ["news"])
        listener.subscribed("py-one", "py-two")
        self.assertEqual(self.sdk.trigger("py-one", "news", {"text": "Zoë"}), {})
        self.assertEqual(json.loads(listener.next("news", "py-one")), {"text": "Zoë"})
        self.assertEqual(self.sdk.trigger(["py-one", "py-two"], "news", "plain"), {})
        got = sorted(listener.received.get(timeout=DEADLINE_SECONDS)[0] for _ in range(2))
        self.assertEqual(got, ["py-one", "py-two"])

    def test_ref_9_4_trigger_batch(self):
        listener = self.listen(["py-batch"], ["a", "b"])
        listener.subscribed("py-batch")
        answer = self.sdk.trigger_batch([{"channel": "py-batch", "name": "a", "data": {"n": 1}},
                                         {"channel": "py-batch", "name": "b", "data": "2"}])
        self.assertEqual(answer, {})
        self.assertEqual(json.loads(listener.next("a")), {"n": 1})
        self.assertEqual(listener.next("b"), "2")

    def test_ref_7_encrypted_trigger_is_relayed(self):
        listener = self.listen(["private-encrypted-py"], ["secret"])
        listener.subscribed("private-encrypted-py")
        self.assertEqual(self.sdk.trigger("private-encrypted-py", "secret", {"msg": "hi"}), {})
        self.assertEqual(set(json.loads(listener.next("secret"))), {"nonce", "ciphertext"})

    def test_ref_9_2_get_with_the_md5_of_the_empty_body(self):
        self.assertEqual(self.sdk.channels_info("py-nothing-"), {"channels": {}})

    def test_ref_9_5_channels_channel_and_users(self):
        listener = self.listen(["presence-py"], user_data={"user_id": "u1"})
        listener.subscribed("presence-py")
        self.assertEqual(self.sdk.channels_info("presence-py", ["user_count"]), {"channels": {"presence-py": {"user_count": 1}}})
        self.assertEqual(self.sdk.channel_info("presence-py", ["user_count", "subscription_count"]),
                         {"occupied": True, "user_count": 1, "subscription_count": 1})
        self.assertEqual(self.sdk.users_info("presence-py"), {"users": [{"id": "u1"}]})
        self.assertEqual(self.sdk.users_info("presence-py-empty"), {"users": []})
        self.assertEqual(self.sdk.channel_info("py-empty"), {"occupied": False})

    def test_ref_6_6_terminate_by_the_path_without_apps_id(self):
        socket = self.raw_socket()
        signed = self.sdk.authenticate_user(socket.socket_id, {"id": "py-user"})
        socket.send("pusher:signin", signed)
        socket.next("pusher:signin_success")
        self.assertEqual(self.sdk.terminate_user_connections("py-user"), {})
        self.assertEqual(socket.close_code(), 4009)
        self.assertEqual(self.sdk.terminate_user_connections("nobody"), {})

    def test_ref_6_5_send_to_user(self):
        socket = self.raw_socket()
        socket.send("pusher:signin", self.sdk.authenticate_user(socket.socket_id, {"id": "py-friend"}))
        socket.next("pusher:signin_success")
        socket.send("pusher:subscribe", {"channel": "#server-to-user-py-friend"})
        socket.next("pusher_internal:subscription_succeeded")
        self.assertEqual(self.sdk.send_to_user("py-friend", "alert", {"n": 1}), {})
        self.assertEqual(socket.next("alert")["channel"], "#server-to-user-py-friend")
        self.assertEqual(self.sdk.send_to_user("nobody", "alert", {"n": 1}), {})

    def test_ref_3_4_authenticate_private_and_presence(self):
        socket = self.raw_socket()
        socket.send("pusher:subscribe", {"channel": "private-py", **self.sdk.authenticate("private-py", socket.socket_id)})
        socket.next("pusher_internal:subscription_succeeded")
        socket.next("pusher_internal:subscription_count")
        member = {"user_id": "u7", "user_info": {"name": "Zoë"}}
        socket.send("pusher:subscribe",
                    {"channel": "presence-py-auth", **self.sdk.authenticate("presence-py-auth", socket.socket_id, member)})
        data = json.loads(socket.next("pusher_internal:subscription_succeeded")["data"])
        self.assertEqual(data["presence"], {"count": 1, "ids": ["u7"], "hash": {"u7": {"name": "Zoë"}}})

    def test_ref_9_7_socket_id_keeps_the_sender_out(self):
        one = self.listen(["py-sender"], ["news", "after"])
        one.subscribed("py-sender")
        self.sdk.trigger("py-sender", "news", 1, one.client.connection.socket_id)
        self.sdk.trigger("py-sender", "after", 2)
        one.next("after")

    def test_ref_9_2_a_wrong_secret_is_bad_auth_with_the_hosted_text(self):
        with self.assertRaisesRegex(PusherBadAuth, r'^Invalid signature: you should have sent HmacSHA256Hex\("POST'):
            self.make_sdk(secret="wrong").trigger("py-one", "news", 1)
        with self.assertRaisesRegex(PusherBadAuth, r'^Invalid signature: you should have sent HmacSHA256Hex\("GET'):
            self.make_sdk(secret="wrong").channels_info()

    def test_ref_9_2_an_unknown_key_is_a_bad_request(self):
        with self.assertRaisesRegex(PusherBadRequest, "^Unknown auth_key"):
            self.make_sdk(key="nobody").trigger("py-one", "news", 1)

    def test_ref_9_6_too_much_data_is_413(self):
        with self.assertRaisesRegex(PusherBadStatus, r"^413: The data content of this event exceeds the allowed maximum"):
            self.sdk.trigger("py-one", "news", "d" * (11 * 1024))

    def test_ref_9_4_a_batch_of_eleven_is_a_bad_request(self):
        with self.assertRaisesRegex(PusherBadRequest, "Batch too large"):
            self.sdk.trigger_batch([{"channel": "py-one", "name": "news", "data": "1"}] * 11, already_encoded=True)

    def test_ref_14_3_from_url_with_a_numeric_app_id(self):
        from pusher import Pusher
        sdk = Pusher.from_url(f"http://{KEY}:{SECRET}@127.0.0.1/apps/42", port=self.server.port)
        self.assertEqual(sdk.trigger("py-one", "news", 1), {})
