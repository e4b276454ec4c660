package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.pusher.rest.Pusher;
import com.pusher.rest.data.Event;
import com.pusher.rest.data.PresenceUser;
import com.pusher.rest.data.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The official server SDK for Java (pusher-http-java 1.3.4) against the HTTP API. */
class ServerSdkTest {
  private static Server server;

  @BeforeAll
  static void start() throws Exception { server = Server.get(); }

  private static JsonObject success(Result result) {
    assertEquals(Result.Status.SUCCESS, result.getStatus(), result.getMessage());
    return JsonParser.parseString(result.getMessage()).getAsJsonObject();
  }

  private static void refused(Result result, Result.Status status, String words) {
    assertEquals(status, result.getStatus(), result.getMessage());
    assertTrue(result.getMessage().contains(words), result.getMessage());
  }

  @Test
  @DisplayName("REF 9.3 trigger: one channel, several, without the sender")
  void trigger() throws Exception {
    try (Listener listener = new Listener(server)) {
      listener.pusher.subscribe("java-one", listener, "news", "after");
      listener.connect();
      listener.next("subscribed");
      assertEquals("{}", success(server.sdk().trigger("java-one", "news", Map.of("text", "Zoë"))).toString());
      assertEquals("Zoë", listener.nextJson("news").get("text").getAsString());
      success(server.sdk().trigger(List.of("java-one", "java-two"), "news", "plain"));
      listener.next("news");
      success(server.sdk().trigger("java-one", "news", 1, listener.pusher.getConnection().getSocketId()));
      success(server.sdk().trigger("java-one", "after", 2));
      listener.next("after");
    }
  }

  @Test
  @DisplayName("REF 9.4 batch")
  void batch() throws Exception {
    try (Listener listener = new Listener(server)) {
      listener.pusher.subscribe("java-batch", listener, "a", "b");
      listener.connect();
      listener.next("subscribed");
      success(server.sdk().trigger(List.of(new Event("java-batch", "a", 1), new Event("java-batch", "b", 2))));
      listener.next("a");
      listener.next("b");
    }
  }

  @Test
  @DisplayName("REF 9.5 channels, a channel, its users")
  void reads() throws Exception {
    Pusher sdk = server.sdk();
    try (Listener listener = new Listener(server, new PresenceUser("u1"))) {
      listener.pusher.subscribePresence("presence-java-reads", listener);
      listener.connect();
      listener.next("users");
      listener.next("subscribed");
      Map<String, String> query = Map.of("filter_by_prefix", "presence-java-reads", "info", "user_count");
      assertEquals("{\"channels\":{\"presence-java-reads\":{\"user_count\":1}}}", success(sdk.get("/channels", query)).toString());
      JsonObject channel = success(sdk.get("/channels/presence-java-reads", Map.of("info", "user_count,subscription_count")));
      assertTrue(channel.get("occupied").getAsBoolean());
      assertEquals(1, channel.get("user_count").getAsInt());
      assertEquals(1, channel.get("subscription_count").getAsInt());
      assertEquals("{\"users\":[{\"id\":\"u1\"}]}", success(sdk.get("/channels/presence-java-reads/users")).toString());
      assertEquals("{\"users\":[]}", success(sdk.get("/channels/presence-java-empty/users")).toString());
    }
  }

  @Test
  @DisplayName("REF 9.2 errors keep their status and the hosted text")
  void errors() {
    refused(server.sdk(Server.KEY, "wrong").trigger("java-one", "news", 1), Result.Status.AUTHENTICATION_ERROR,
        "Invalid signature: you should have sent HmacSHA256Hex(\"POST\\n/apps/42/events\\n");
    refused(server.sdk("nobody", "wrong").trigger("java-one", "news", 1), Result.Status.CLIENT_ERROR, "Unknown auth_key");
    refused(server.sdk().get("/channels/java-one", Map.of("info", "user_count")), Result.Status.CLIENT_ERROR,
        "Cannot retrieve the user count unless the channel is a presence channel");
    refused(server.sdk().get("/nothing"), Result.Status.NOT_FOUND, "404 NOT FOUND");
    List<Event> batch = new ArrayList<>();
    for (int i = 0; i < 11; i++) batch.add(new Event("java-one", "news", i));
    refused(server.sdk().trigger(batch), Result.Status.CLIENT_ERROR, "Batch too large");
    assertEquals(413, server.sdk().trigger("java-one", "news", "d".repeat(11 * 1024)).getHttpStatus());
  }
}
