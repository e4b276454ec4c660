package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pusher.client.channel.PrivateChannel;
import com.pusher.client.connection.ConnectionState;
import com.pusher.rest.data.PresenceUser;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The official Java client (pusher-java-client 2.4.4, protocol 5), as an Android application uses it. */
class ClientTest {
  private static Server server;

  @BeforeAll
  static void start() throws Exception { server = Server.get(); }

  @Test
  @DisplayName("REF 14.1 connects with protocol 5 and knows its socket_id")
  void connects() throws Exception {
    try (Listener listener = new Listener(server)) {
      listener.connect();
      assertTrue(listener.pusher.getConnection().getSocketId().matches("\\d+\\.\\d+"));
    }
  }

  @Test
  @DisplayName("REF 1.4 and 14.2.4 unknown key: the error event reaches the listener, and the client gives up")
  void unknownKey() throws Exception {
    try (Listener listener = new Listener(server, "nobody", null, null)) {
      listener.pusher.connect(listener, ConnectionState.ALL);
      String error = listener.await("error");
      assertTrue(error.startsWith("4001 App key nobody not in this cluster"), error);
    }
  }

  @Test
  @DisplayName("REF 3 public and private: subscribe, receive, subscription_count, unsubscribe, again")
  void channels() throws Exception {
    try (Listener listener = new Listener(server)) {
      listener.pusher.subscribe("java-public", listener, "news", "pusher:subscription_count");
      listener.connect();
      listener.next("subscribed");
      assertEquals(1, listener.nextJson("pusher:subscription_count").get("subscription_count").getAsInt());
      listener.pusher.subscribePrivate("private-java", listener, "news");
      listener.next("subscribed");
      server.sdk().trigger("private-java", "news", Map.of("n", 1));
      assertEquals(1, listener.nextJson("news").get("n").getAsInt());
      listener.pusher.unsubscribe("private-java");
      listener.pusher.subscribePrivate("private-java", listener, "news");
      listener.next("subscribed");
      server.sdk().trigger("private-java", "news", "text");
      listener.next("news");
    }
  }

  @Test
  @DisplayName("REF 4 presence: users, joined, left")
  void presence() throws Exception {
    try (Listener one = new Listener(server, new PresenceUser("u7", Map.of("name", "Zoë")))) {
      one.pusher.subscribePresence("presence-java", one);
      one.connect();
      assertEquals("u7", one.next("users"));
      one.next("subscribed");
      assertEquals("u7", one.pusher.getPresenceChannel("presence-java").getMe().getId());
      try (Listener two = new Listener(server, new PresenceUser(9))) {
        two.pusher.subscribePresence("presence-java", two);
        two.connect();
        assertEquals("9,u7", two.next("users"));
        assertEquals("9", one.next("joined"));
      }
      assertEquals("9", one.next("left"));
    }
  }

  @Test
  @DisplayName("REF 5 client events: string data and, on presence, the user_id")
  void clientEvents() throws Exception {
    try (Listener one = new Listener(server, new PresenceUser("u7")); Listener two = new Listener(server, new PresenceUser("u9"))) {
      PrivateChannel channel = one.pusher.subscribePresence("presence-java-chat", one, "client-typing", "after");
      one.connect();
      one.next("users");
      one.next("subscribed");
      two.pusher.subscribePresence("presence-java-chat", two, "client-typing");
      two.connect();
      two.next("users");
      two.next("subscribed");
      one.next("joined");
      channel.trigger("client-typing", "{\"on\":true}");
      assertEquals("u7 {\"on\":true}", two.next("client-typing"));
      server.sdk().trigger("presence-java-chat", "after", 1);
      one.next("after");
    }
  }

  @Test
  @DisplayName("REF 7 and 3.5 encrypted: subscription_succeeded carries data, events are decrypted")
  void encrypted() throws Exception {
    try (Listener listener = new Listener(server)) {
      listener.pusher.subscribePrivateEncrypted("private-encrypted-java", listener, "secret");
      listener.connect();
      listener.next("subscribed");
      server.sdk().trigger("private-encrypted-java", "secret", Map.of("msg", "hi"));
      assertEquals("hi", listener.nextJson("secret").get("msg").getAsString());
    }
  }

  @Test
  @DisplayName("REF 3.9 and 14.2.4 cache channels: cache_miss has data, then the cached event")
  void cache() throws Exception {
    try (Listener one = new Listener(server); Listener two = new Listener(server)) {
      one.pusher.subscribe("cache-java", one, "pusher:cache_miss", "price");
      one.connect();
      one.next("subscribed");
      assertEquals("{}", one.next("pusher:cache_miss"));
      server.sdk().trigger("cache-java", "price", Map.of("p", 9));
      one.next("price");
      two.pusher.subscribe("cache-java", two, "price");
      two.connect();
      two.next("subscribed");
      assertEquals(9, two.nextJson("price").get("p").getAsInt());
    }
  }

  @Test
  @DisplayName("REF 6 signin, server-to-user events, terminate")
  void users() throws Exception {
    try (Listener listener = new Listener(server, Server.KEY, null, "java-user")) {
      // Server-to-user events arrive on a channel that the client subscribes by itself after signin.
      listener.pusher.user().bind("alert", listener);
      listener.pusher.signin();
      listener.connect();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (listener.pusher.user().userId() == null && System.nanoTime() < deadline) TimeUnit.MILLISECONDS.sleep(5);
      assertEquals("java-user", listener.pusher.user().userId());
      listener.pusher.subscribePrivate("private-java-fence", listener);
      listener.next("subscribed");
      assertEquals(200, server.sdk().post("/events",
          "{\"name\":\"alert\",\"channels\":[\"#server-to-user-java-user\"],\"data\":\"{\\\"n\\\":1}\"}").getHttpStatus());
      assertEquals(1, listener.nextJson("alert").get("n").getAsInt());
      assertEquals("{}", server.sdk().post("/users/java-user/terminate_connections", "{}").getMessage());
      listener.await("DISCONNECTED");
    }
  }
}
