package conformance

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/pusher/pusher-http-go/v5"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refuses wants an error of the SDK that begins with the status and names the words.
func refuses(t *testing.T, err error, status, words string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), "Status Code: "+status) || !strings.Contains(err.Error(), words) {
		t.Fatalf("expected status %s with %q, got %v", status, words, err)
	}
}

// signed is what an SDK's auth call answers, as a client would use it.
func signed(t *testing.T, answer []byte, err error) map[string]string {
	t.Helper()
	must(t, err)
	var parsed map[string]string
	must(t, json.Unmarshal(answer, &parsed))
	delete(parsed, "shared_secret")
	return parsed
}

func authRequest(socketID, channel string) []byte {
	return []byte(url.Values{"socket_id": {socketID}, "channel_name": {channel}}.Encode())
}

func ptr(text string) *string { return &text }

func TestREF_9_3_Trigger(t *testing.T) {
	listener := connect(t)
	listener.subscribe("go-one", nil)
	listener.next("pusher_internal:subscription_count")
	must(t, sdk().Trigger("go-one", "news", map[string]string{"text": "Zoë"}))
	if got := listener.next("news").text(t); got != `{"text":"Zoë"}` {
		t.Fatalf("data %s", got)
	}
	must(t, sdk().TriggerMulti([]string{"go-one", "go-two"}, "news", "plain"))
	listener.next("news")
}

func TestREF_9_3_TriggerWithInfo(t *testing.T) {
	listener := connect(t)
	listener.subscribe("go-info", nil)
	listener.next("pusher_internal:subscription_count")
	info := "user_count,subscription_count"
	list, err := sdk().TriggerMultiWithParams([]string{"go-info", "presence-go-info"}, "news", "1", pusher.TriggerParams{Info: &info})
	must(t, err)
	plain, presence := list.Channels["go-info"], list.Channels["presence-go-info"]
	if plain.UserCount != nil || plain.SubscriptionCount == nil || *plain.SubscriptionCount != 1 {
		t.Fatalf("public channel: %+v", plain)
	}
	if presence.UserCount == nil || *presence.UserCount != 0 || presence.SubscriptionCount == nil || *presence.SubscriptionCount != 0 {
		t.Fatalf("presence channel: %+v", presence)
	}
}

func TestREF_9_4_TriggerBatch(t *testing.T) {
	listener := connect(t)
	listener.subscribe("go-batch", nil)
	listener.next("pusher_internal:subscription_count")
	list, err := sdk().TriggerBatch([]pusher.Event{
		{Channel: "go-batch", Name: "a", Data: "1", Info: ptr("subscription_count")},
		{Channel: "go-batch", Name: "b", Data: "2"},
	})
	must(t, err)
	if len(list.Batch) != 2 || list.Batch[0].SubscriptionCount == nil || *list.Batch[0].SubscriptionCount != 1 || list.Batch[1].SubscriptionCount != nil {
		t.Fatalf("batch: %+v", list.Batch)
	}
	listener.next("a")
	listener.next("b")
	list, err = sdk().TriggerBatch([]pusher.Event{{Channel: "go-batch", Name: "c", Data: "3"}})
	must(t, err)
	if len(list.Batch) != 0 {
		t.Fatalf("batch without info: %+v", list.Batch)
	}
}

func TestREF_9_7_TriggerExclusive(t *testing.T) {
	listener := connect(t)
	listener.subscribe("go-exclusive", nil)
	listener.next("pusher_internal:subscription_count")
	_, err := sdk().TriggerWithParams("go-exclusive", "news", "1", pusher.TriggerParams{SocketID: &listener.socketID})
	must(t, err)
	must(t, sdk().Trigger("go-exclusive", "after", "2"))
	listener.next("after")
}

func TestREF_7_EncryptedTrigger(t *testing.T) {
	listener := connect(t)
	answer, err := sdk().AuthorizePrivateChannel(authRequest(listener.socketID, "private-encrypted-go"))
	listener.subscribe("private-encrypted-go", signed(t, answer, err))
	listener.next("pusher_internal:subscription_count")
	must(t, sdk().Trigger("private-encrypted-go", "secret", map[string]string{"msg": "hi"}))
	var sealed map[string]string
	must(t, json.Unmarshal([]byte(listener.next("secret").text(t)), &sealed))
	if sealed["nonce"] == "" || sealed["ciphertext"] == "" {
		t.Fatalf("sealed: %v", sealed)
	}
}

func TestREF_9_5_ChannelsAndUsers(t *testing.T) {
	listener := connect(t)
	answer, err := sdk().AuthorizePresenceChannel(authRequest(listener.socketID, "presence-go"),
		pusher.MemberData{UserID: "u7", UserInfo: map[string]string{"name": "Zoë"}})
	listener.subscribe("presence-go", signed(t, answer, err))
	channels, err := sdk().Channels(pusher.ChannelsParams{FilterByPrefix: ptr("presence-go"), Info: ptr("user_count")})
	must(t, err)
	if len(channels.Channels) != 1 || channels.Channels["presence-go"].UserCount != 1 {
		t.Fatalf("channels: %+v", channels)
	}
	channel, err := sdk().Channel("presence-go", pusher.ChannelParams{Info: ptr("user_count,subscription_count")})
	must(t, err)
	if !channel.Occupied || channel.UserCount != 1 || channel.SubscriptionCount != 1 {
		t.Fatalf("channel: %+v", channel)
	}
	users, err := sdk().GetChannelUsers("presence-go")
	must(t, err)
	if len(users.List) != 1 || users.List[0].ID != "u7" {
		t.Fatalf("users: %+v", users)
	}
	users, err = sdk().GetChannelUsers("presence-go-empty")
	must(t, err)
	if len(users.List) != 0 {
		t.Fatalf("users of an empty channel: %+v", users)
	}
}

func TestREF_6_SendToUser(t *testing.T) {
	listener := connect(t)
	answer, err := sdk().AuthenticateUser([]byte(url.Values{"socket_id": {listener.socketID}}.Encode()), map[string]any{"id": "go-user"})
	listener.send("pusher:signin", signed(t, answer, err))
	listener.next("pusher:signin_success")
	listener.subscribe("#server-to-user-go-user", nil)
	must(t, sdk().SendToUser("go-user", "alert", "hi"))
	listener.next("alert")
	must(t, sdk().SendToUser("nobody", "alert", "hi"))
}

func TestREF_9_2_Errors(t *testing.T) {
	wrong := sdk()
	wrong.Secret = "wrong"
	refuses(t, wrong.Trigger("go-one", "news", "1"), "401", `Invalid signature: you should have sent HmacSHA256Hex("POST\n/apps/42/events\n`)
	unknown := sdk()
	unknown.Key = "nobody"
	refuses(t, unknown.Trigger("go-one", "news", "1"), "400", "Unknown auth_key")
	large := sdk()
	large.OverrideMaxMessagePayloadKB = 20
	refuses(t, large.Trigger("go-one", "news", strings.Repeat("d", 11*1024)), "413", "exceeds the allowed maximum (10240 bytes)")
	_, err := sdk().Channel("go-one", pusher.ChannelParams{Info: ptr("user_count")})
	refuses(t, err, "400", "Cannot retrieve the user count unless the channel is a presence channel")
	batch := make([]pusher.Event, 11)
	for i := range batch {
		batch[i] = pusher.Event{Channel: "go-one", Name: "news", Data: "1"}
	}
	_, err = sdk().TriggerBatch(batch)
	refuses(t, err, "400", "Batch too large")
}
