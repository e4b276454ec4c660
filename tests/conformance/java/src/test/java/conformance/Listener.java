package conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.pusher.client.Pusher;
import com.pusher.client.PusherOptions;
import com.pusher.client.channel.PresenceChannelEventListener;
import com.pusher.client.channel.PrivateEncryptedChannelEventListener;
import com.pusher.client.channel.PusherEvent;
import com.pusher.client.channel.User;
import com.pusher.client.connection.ConnectionEventListener;
import com.pusher.client.connection.ConnectionState;
import com.pusher.client.connection.ConnectionStateChange;
import com.pusher.rest.data.PresenceUser;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A client of pusher-java-client that writes down whatever its listeners are told. */
final class Listener
    implements ConnectionEventListener, PresenceChannelEventListener, PrivateEncryptedChannelEventListener, AutoCloseable {
  /** One thing told: what happened, and the text that came with it. */
  static final class Told {
    final String what;
    final String text;

    Told(String what, String text) {
      this.what = what;
      this.text = text;
    }

    @Override
    public String toString() { return what + " " + text; }
  }

  final Pusher pusher;
  private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

  /** Not yet connected; `member` is who joins presence channels, `user` who signs in. */
  Listener(Server server, String key, PresenceUser member, String user) {
    com.pusher.rest.Pusher sdk = server.sdk();
    PusherOptions options = new PusherOptions().setHost("127.0.0.1").setWsPort(server.port).setUseTLS(false);
    options.setChannelAuthorizer((channel, socketId) ->
        channel.startsWith("presence-") ? sdk.authenticate(socketId, channel, member) : sdk.authenticate(socketId, channel));
    options.setUserAuthenticator(socketId -> signIn(socketId, user));
    pusher = new Pusher(key, options);
  }

  Listener(Server server, PresenceUser member) { this(server, Server.KEY, member, null); }

  Listener(Server server) { this(server, null); }

  /**
   * Connects. Subscribe first: the client subscribes all its channels when it is connected, and a subscribe() at that
   * very moment goes out twice.
   */
  Listener connect() throws InterruptedException {
    pusher.connect(this, ConnectionState.ALL);
    next("CONNECTING");
    next("CONNECTED");
    return this;
  }

  /** The next thing told, which must be `what`; returns its text. */
  String next(String what) throws InterruptedException {
    Told got = told.poll(10, TimeUnit.SECONDS);
    assertNotNull(got, "nothing was told; expected " + what);
    assertEquals(what, got.what, got.toString());
    return got.text;
  }

  /** The text of the first `what` from now on; other things told before it are dropped. */
  String await(String what) throws InterruptedException {
    for (;;) {
      Told got = told.poll(10, TimeUnit.SECONDS);
      assertNotNull(got, "nothing more was told; expected " + what);
      if (got.what.equals(what)) return got.text;
    }
  }

  JsonObject nextJson(String what) throws InterruptedException {
    return JsonParser.parseString(next(what)).getAsJsonObject();
  }

  void note(String what, String text) { told.add(new Told(what, text)); }

  /** REF 6.1: the server SDK for Java has no call for it. */
  private static String signIn(String socketId, String user) {
    String userData = "{\"id\":\"" + user + "\"}";
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Server.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      StringBuilder hex = new StringBuilder();
      for (byte octet : mac.doFinal((socketId + "::user::" + userData).getBytes(StandardCharsets.UTF_8))) {
        hex.append(String.format("%02x", octet));
      }
      JsonObject answer = new JsonObject();
      answer.addProperty("auth", Server.KEY + ":" + hex);
      answer.addProperty("user_data", userData);
      return new Gson().toJson(answer);
    } catch (java.security.GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void onConnectionStateChange(ConnectionStateChange change) { note(change.getCurrentState().name(), ""); }

  @Override
  public void onError(String message, String code, Exception exception) { note("error", code + " " + message); }

  @Override
  public void onEvent(PusherEvent event) {
    note(event.getEventName(), event.getUserId() == null ? event.getData() : event.getUserId() + " " + event.getData());
  }

  @Override
  public void onSubscriptionSucceeded(String channel) { note("subscribed", channel); }

  @Override
  public void onAuthenticationFailure(String message, Exception exception) { note("authentication failure", message); }

  @Override
  public void onDecryptionFailure(String event, String reason) { note("decryption failure", event + " " + reason); }

  @Override
  public void onUsersInformationReceived(String channel, Set<User> users) {
    note("users", users.stream().map(User::getId).sorted().collect(Collectors.joining(",")));
  }

  @Override
  public void userSubscribed(String channel, User user) { note("joined", user.getId()); }

  @Override
  public void userUnsubscribed(String channel, User user) { note("left", user.getId()); }

  @Override
  public void close() { pusher.disconnect(); }
}
