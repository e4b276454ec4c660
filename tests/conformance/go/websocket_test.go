package conformance

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// subscriber is as much of a WebSocket client as these tests need: short text frames out, whole frames in.
type subscriber struct {
	t        *testing.T
	conn     net.Conn
	reader   *bufio.Reader
	socketID string
}

type frame struct {
	Event   string          `json:"event"`
	Channel string          `json:"channel"`
	Data    json.RawMessage `json:"data"`
}

// text is the content of a data that is a JSON string.
func (f frame) text(t *testing.T) string {
	t.Helper()
	var text string
	if err := json.Unmarshal(f.Data, &text); err != nil {
		t.Fatalf("data of %s is no string: %s", f.Event, f.Data)
	}
	return text
}

func connect(t *testing.T) *subscriber {
	t.Helper()
	conn, err := net.DialTimeout("tcp", address, deadline)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /app/%s?protocol=7&client=go HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", key, address)
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, nil)
	if err != nil || response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("no upgrade: %v %v", response, err)
	}
	s := &subscriber{t: t, conn: conn, reader: reader}
	var established struct {
		SocketID string `json:"socket_id"`
	}
	if err := json.Unmarshal([]byte(s.next("pusher:connection_established").text(t)), &established); err != nil {
		t.Fatal(err)
	}
	s.socketID = established.SocketID
	return s
}

// send writes one masked text frame; a mask of zeros leaves the payload as it is.
func (s *subscriber) send(event string, data any) {
	s.t.Helper()
	payload, err := json.Marshal(map[string]any{"event": event, "data": data})
	if err != nil || len(payload) > 0xffff {
		s.t.Fatalf("cannot send %d bytes: %v", len(payload), err)
	}
	head := []byte{0x81, 0x80 | 126, 0, 0, 0, 0, 0, 0}
	if len(payload) < 126 {
		head = []byte{0x81, 0x80 | byte(len(payload)), 0, 0, 0, 0}
	} else {
		binary.BigEndian.PutUint16(head[2:], uint16(len(payload)))
	}
	if _, err := s.conn.Write(append(head, payload...)); err != nil {
		s.t.Fatal(err)
	}
}

// read returns the opcode and the payload of the next frame.
func (s *subscriber) read() (byte, []byte) {
	s.t.Helper()
	_ = s.conn.SetReadDeadline(time.Now().Add(deadline))
	head := make([]byte, 2)
	if _, err := io.ReadFull(s.reader, head); err != nil {
		s.t.Fatalf("no frame: %v", err)
	}
	size := int(head[1] & 0x7f)
	if size == 126 {
		long := make([]byte, 2)
		if _, err := io.ReadFull(s.reader, long); err != nil {
			s.t.Fatal(err)
		}
		size = int(binary.BigEndian.Uint16(long))
	}
	payload := make([]byte, size)
	if _, err := io.ReadFull(s.reader, payload); err != nil {
		s.t.Fatal(err)
	}
	return head[0] & 0x0f, payload
}

// next is the next event, which must be the one named.
func (s *subscriber) next(event string) frame {
	s.t.Helper()
	_, payload := s.read()
	var got frame
	if err := json.Unmarshal(payload, &got); err != nil || got.Event != event {
		s.t.Fatalf("expected %s, got %s", event, payload)
	}
	return got
}

// closeCode is the code of the close frame that must come next.
func (s *subscriber) closeCode() uint16 {
	s.t.Helper()
	opcode, payload := s.read()
	if opcode != 8 || len(payload) < 2 {
		s.t.Fatalf("expected a close frame, got opcode %d: %s", opcode, payload)
	}
	return binary.BigEndian.Uint16(payload)
}

func (s *subscriber) subscribe(channel string, auth map[string]string) frame {
	s.t.Helper()
	data := map[string]string{"channel": channel}
	for name, value := range auth {
		data[name] = value
	}
	s.send("pusher:subscribe", data)
	return s.next("pusher_internal:subscription_succeeded")
}
