package conformance;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.pusher.rest.Pusher;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The real binary on free ports, one for all tests; stopped by its process id when the tests end. */
final class Server {
  static final String KEY = "demo-key-0001";
  static final String SECRET = "demo-secret-0001";
  static final String APP_ID = "42";
  static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  private static final String CONFIGURATION = String.join("\n",
      "[server]", "drain_seconds = 1", "[log]", "level = \"warn\"", "[[apps]]", "id = \"42\"",
      "keys = [{ key = \"demo-key-0001\", secret = \"demo-secret-0001\" }]",
      "client_events = true", "subscription_count = true", "");

  private static Server instance;

  final int port;

  private Server() throws IOException, InterruptedException {
    String binary = System.getenv("FANFARE_BINARY");
    if (binary == null) throw new IllegalStateException("FANFARE_BINARY names no server to test");
    Path folder = Files.createTempDirectory("fanfare-conformance-");
    Path config = Files.writeString(folder.resolve("fanfare.toml"), CONFIGURATION);
    Path readyFile = folder.resolve("ready.json");
    File log = folder.resolve("log").toFile();
    ProcessBuilder builder = new ProcessBuilder(binary, "serve", "--config", config.toString(), "--host", "127.0.0.1",
        "--port", "0", "--metrics-port", "0", "--data-dir", folder.resolve("data").toString(),
        "--ready-file", readyFile.toString()).redirectErrorStream(true).redirectOutput(log);
    // To the server these are settings.
    builder.environment().keySet().removeIf(name -> name.startsWith("FANFARE_") || name.startsWith("PUSHER_"));
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, folder)));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Files.exists(readyFile)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("the server did not become ready:\n" + Files.readString(log.toPath()));
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
    JsonObject ready = JsonParser.parseString(Files.readString(readyFile)).getAsJsonObject();
    port = ready.get("port").getAsInt();
  }

  static synchronized Server get() throws IOException, InterruptedException {
    if (instance == null) instance = new Server();
    return instance;
  }

  /** The official server SDK with the app's credentials. */
  Pusher sdk() { return sdk(KEY, SECRET); }

  Pusher sdk(String key, String secret) {
    Pusher sdk = new Pusher(APP_ID, key, secret, MASTER_KEY);
    sdk.setHost("127.0.0.1:" + port);
    sdk.setEncrypted(false);
    return sdk;
  }

  private static void stop(Process process, Path folder) {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) process.destroyForcibly();
      try (var files = Files.walk(folder)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
      }
    } catch (IOException | InterruptedException ignored) {
      // The machine's own clean-up of /tmp is the fallback; the tests' verdict stands.
    }
  }
}
