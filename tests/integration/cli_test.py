"""The commands trigger, listen and channels of the real binary, against a server of its own."""
import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import unittest

BINARY = os.environ["FANFARE_BINARY"]
DEADLINE_S = 20  # reached only by a failure

CONFIG = """
[[apps]]
id = "app-id"
keys = [{ key = "app-key", secret = "app-secret" }]
subscription_count = false
"""


def clean_environment(home, **more):
    """Nothing of the machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PUSHER_", "FANFARE_", "XDG_"))}
    return {**kept, "HOME": home, "FANFARE_DATA_DIR": os.path.join(home, "data"), **more}


class Lines:
    """The lines of a stream, as they come."""

    def __init__(self, stream):
        self.seen = []
        self._queue = queue.Queue()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        for line in stream:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def next(self):
        line = self._queue.get(timeout=DEADLINE_S)
        if line is not None:
            self.seen.append(line)
        return line

    def until(self, text):
        while True:
            line = self.next()
            if line is None:
                raise AssertionError(f"no line with {text!r} among {self.seen}")
            if text in line:
                return line


class Server:
    def __init__(self, folder, config=CONFIG, port=0):
        self.home = folder
        self.ready_file = os.path.join(folder, "ready.json")
        if os.path.exists(self.ready_file):
            os.remove(self.ready_file)
        command = [BINARY, "serve", "--port", str(port), "--metrics-port", "0", "--loops", "1", "--drain-seconds", "0",
                   "--ready-file", self.ready_file]
        if config is not None:
            self.config = os.path.join(folder, "fanfare.toml")
            with open(self.config, "w", encoding="utf-8") as file:
                file.write(config)
            command += ["--config", self.config]
        self.process = subprocess.Popen(command, env=clean_environment(folder), stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + DEADLINE_S
        while not os.path.exists(self.ready_file):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError("the server did not start")
            time.sleep(0.01)
        with open(self.ready_file, encoding="utf-8") as file:
            self.port = json.load(file)["port"]

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(DEADLINE_S)


class Listening:
    """A running `fanfare listen`."""

    def __init__(self, test, *arguments, env):
        self.process = subprocess.Popen([BINARY, "listen", *arguments], env=env, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        test.addCleanup(self.stop)
        self.out = Lines(self.process.stdout)
        self.err = Lines(self.process.stderr)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE_S)
        for stream in (self.process.stdout, self.process.stderr):
            stream.close()


class CommandTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="fanfare-cli-")
        self.addCleanup(shutil.rmtree, self.folder)

    def start_server(self, **options):
        server = Server(self.folder, **options)
        self.addCleanup(server.stop)
        return server

    def run_command(self, *arguments, env, text_in=""):
        done = subprocess.run([BINARY, *arguments], env=env, input=text_in, capture_output=True, text=True,
                              timeout=DEADLINE_S, check=False)
        self.assertNotIn("app-secret", done.stdout + done.stderr)
        return done

    def listen(self, *arguments, env):
        return Listening(self, *arguments, env=env)


class RunningServerTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.server = self.start_server()
        self.env = clean_environment(self.folder, PUSHER_APP_ID="app-id", PUSHER_KEY="app-key",
                                     PUSHER_SECRET="app-secret", PUSHER_HOST="127.0.0.1",
                                     PUSHER_PORT=str(self.server.port))

    def trigger(self, *arguments, text_in=""):
        return self.run_command("trigger", *arguments, env=self.env, text_in=text_in)

    def must_trigger(self, *arguments, text_in=""):
        done = self.trigger(*arguments, text_in=text_in)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    def test_what_is_triggered_is_heard(self):
        data = '{"message":"hello world"}'
        listening = self.listen("my-channel", "--count", "1", env=self.env)
        listening.err.until("Subscribed to my-channel")
        self.assertEqual(self.must_trigger("my-channel", "hello", data), {})
        self.assertRegex(listening.out.next(), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z  my-channel  hello  \{")
        self.assertTrue(listening.out.seen[0].endswith("  " + data))
        self.assertEqual(listening.process.wait(DEADLINE_S), 0)

    def test_data_arrives_as_it_was_given(self):
        listening = self.listen("c", "--json", env=self.env)
        listening.err.until("Subscribed")
        for data in ("[1,2]", "", "two\nlines \u2603", '"'):
            self.must_trigger("c", "e", data)
            event = json.loads(listening.out.next())
            self.assertEqual((event["channel"], event["event"], event["data"]), ("c", "e", data))
        self.must_trigger("c", "e", "-", text_in='{"from":"stdin"}\n')
        self.assertEqual(json.loads(listening.out.next())["data"], '{"from":"stdin"}\n')

    def test_several_channels_and_a_filter(self):
        listening = self.listen("a", "b", "--event", "wanted", "--count", "2", "--json", env=self.env)
        listening.err.until("Subscribed to a")
        listening.err.until("Subscribed to b")
        self.must_trigger("a", "other", "1")
        self.must_trigger("--channel", "a", "--channel", "b", "wanted", "2")
        self.assertEqual({json.loads(listening.out.next())["channel"] for _ in range(2)}, {"a", "b"})
        self.assertEqual(listening.process.wait(DEADLINE_S), 0)

    def test_every_kind_of_channel_is_signed_for(self):
        channels = ["private-a", "private-encrypted-b", "private-cache-c", "cache-d"]
        listening = self.listen(*channels, "--event", "e", "--json", env=self.env)
        for channel in channels:
            listening.err.until("Subscribed to " + channel)
        for channel in channels:
            self.must_trigger(channel, "e", '{"nonce":"n","ciphertext":"c"}')
            self.assertEqual(json.loads(listening.out.next())["channel"], channel)

    def test_presence_members_are_seen(self):
        first = self.listen("presence-room", "--user-id", "ida", "--user-info", '{"name":"Ida"}', "--json", env=self.env)
        first.err.until("Subscribed to presence-room as ida (members: 1)")
        second = self.listen("presence-room", "--user-id", "bob", env=self.env)
        second.err.until("members: 2")
        added = json.loads(first.out.next())
        self.assertEqual(added["event"], "pusher:member_added")
        self.assertEqual(json.loads(added["data"])["user_id"], "bob")

        users = self.run_command("channels", "presence-room", "--users", env=self.env)
        self.assertEqual(sorted(users.stdout.splitlines()), ["2 users in presence-room.", "USER", "bob", "ida"])
        one = self.run_command("channels", "presence-room", "--info", "user_count", "--json", env=self.env)
        self.assertEqual(json.loads(one.stdout), {"occupied": True, "user_count": 2})
        listed = self.run_command("channels", "--prefix", "presence-", "--info", "user_count", env=self.env)
        self.assertEqual(listed.stdout.splitlines(),
                         ["CHANNEL        user_count", "presence-room  2", "1 occupied channel."])
        info = self.must_trigger("presence-room", "e", "{}", "--info", "user_count")
        self.assertEqual(info, {"channels": {"presence-room": {"user_count": 2}}})

    def test_a_signed_in_user_hears_its_own_events(self):
        listening = self.listen("--user", "ida", "--json", env=self.env)
        listening.err.until("Signed in as ida")
        listening.err.until("Subscribed to #server-to-user-ida")
        self.must_trigger("#server-to-user-ida", "e", "{}")
        self.assertEqual(json.loads(listening.out.next())["channel"], "#server-to-user-ida")

    def test_socket_id_is_left_out(self):
        listening = self.listen("c", "--json", env=self.env)
        socket_id = listening.err.until("Connected (socket ").split("socket ")[1].rstrip(")")
        listening.err.until("Subscribed")
        self.must_trigger("c", "unheard", "{}", "--socket-id", socket_id)
        self.must_trigger("c", "heard", "{}")
        self.assertEqual(json.loads(listening.out.next())["event"], "heard")

    def test_ctrl_c_exits_0(self):
        listening = self.listen("c", env=self.env)
        listening.err.until("Subscribed")
        listening.process.send_signal(signal.SIGINT)
        self.assertEqual(listening.process.wait(DEADLINE_S), 0)

    def test_listening_survives_a_restart(self):
        listening = self.listen("c", "--json", env=self.env)
        listening.err.until("Subscribed")
        self.server.stop()
        listening.err.until("has ended (4200)")
        again = self.start_server(port=self.server.port)
        listening.err.until("Subscribed")
        self.assertEqual(again.port, self.server.port)
        self.must_trigger("c", "e", "{}")
        self.assertEqual(json.loads(listening.out.next())["event"], "e")

    def test_no_occupied_channels(self):
        done = self.run_command("channels", env=self.env)
        self.assertEqual((done.returncode, done.stdout), (0, "No occupied channels.\n"))

    def test_refusals_carry_the_servers_text(self):
        wrong = {**self.env, "PUSHER_SECRET": "wrong-secret"}
        done = self.run_command("trigger", "c", "e", "{}", env=wrong)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the server answered 401: Invalid signature", done.stderr)
        self.assertNotIn("wrong-secret", done.stderr)
        done = self.run_command("channels", "c", "--info", "user_count", env=self.env)
        self.assertEqual(done.returncode, 1)
        self.assertIn("400: Cannot retrieve the user count", done.stderr)
        done = self.trigger("c", "e", "x" * 20_000)
        self.assertEqual(done.returncode, 1)
        self.assertIn("413", done.stderr)

    def test_a_refused_subscription_ends_with_1(self):
        listening = self.listen("private-a", env={**self.env, "PUSHER_SECRET": "wrong-secret"})
        listening.err.until("pusher:error")
        self.assertEqual(listening.process.wait(DEADLINE_S), 1)

    def test_an_unknown_key_ends_with_1(self):
        listening = self.listen("a", "--key", "nobodys", env=self.env)
        listening.err.until("has ended (4001): App key nobodys")
        self.assertEqual(listening.process.wait(DEADLINE_S), 1)


class WithoutSettingsTest(CommandTest):
    def test_the_servers_own_first_app_is_used(self):
        server = self.start_server(config=None)
        env = clean_environment(self.folder)
        listening = self.listen("private-c", "--port", str(server.port), "--count", "1", env=env)
        listening.err.until("Subscribed")
        done = self.run_command("trigger", "private-c", "e", "{}", "--port", str(server.port), env=env)
        self.assertEqual((done.returncode, done.stdout), (0, "{}\n"))
        self.assertEqual(listening.process.wait(DEADLINE_S), 0)

    def test_the_servers_file_is_used(self):
        server = self.start_server()
        done = self.run_command("channels", "--config", server.config, "--port", str(server.port),
                                env=clean_environment(self.folder))
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_says_what_to_do_when_nothing_listens(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))  # taken and not listening: nobody else can get it meanwhile
            port = str(unused.getsockname()[1])
            env = clean_environment(self.folder, PUSHER_APP_ID="1", PUSHER_KEY="k", PUSHER_SECRET="s", PUSHER_PORT=port)
            for arguments in (["trigger", "c", "e", "{}"], ["listen", "c"], ["channels"]):
                done = self.run_command(*arguments, env=env)
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"nothing listens on 127.0.0.1:{port}: is the server running?", done.stderr)

    def test_says_what_is_wrong_with_the_command_line(self):
        env = clean_environment(self.folder)
        for arguments, text in ((["trigger", "c", "e"], "expected CHANNEL EVENT DATA"),
                                (["trigger", "no spaces", "e", "{}"], "Invalid channel name"),
                                (["trigger", "c", "e", "{}"], "no app is known"),
                                (["listen", "--key", "k"], "nothing to listen to"),
                                (["listen", "private-c", "--key", "k"], "needs a signature"),
                                (["channels", "--users"], "name the channel"),
                                (["listen", "c", "--count", "0"], "--count")):
            done = self.run_command(*arguments, env=env)
            self.assertEqual(done.returncode, 2, arguments)
            self.assertIn(text, done.stderr, arguments)

    def test_help_has_examples(self):
        for command in ("trigger", "listen", "channels"):
            done = self.run_command(command, "--help", env=clean_environment(self.folder))
            self.assertEqual(done.returncode, 0)
            self.assertIn("Examples:", done.stdout)


if __name__ == "__main__":
    unittest.main()
