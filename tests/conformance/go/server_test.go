// Package conformance runs the official Go server SDK against the real binary.
package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pusher/pusher-http-go/v5"
)

const (
	appID     = "42"
	key       = "demo-key-0001"
	secret    = "demo-secret-0001"
	masterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	deadline  = 10 * time.Second
)

const configuration = `
[server]
drain_seconds = 1
[log]
level = "warn"
[[apps]]
id = "42"
keys = [{ key = "demo-key-0001", secret = "demo-secret-0001" }]
client_events = true
subscription_count = true
`

// The one server of all tests.
var address string

func TestMain(m *testing.M) {
	code, err := withServer(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// withServer starts the binary on free ports, runs the tests, and stops it by its process id.
func withServer(run func() int) (int, error) {
	binary := os.Getenv("FANFARE_BINARY")
	if binary == "" {
		return 1, fmt.Errorf("FANFARE_BINARY names no server to test")
	}
	folder, err := os.MkdirTemp("", "fanfare-conformance-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(folder)
	config := filepath.Join(folder, "fanfare.toml")
	if err := os.WriteFile(config, []byte(configuration), 0o600); err != nil {
		return 1, err
	}
	readyFile := filepath.Join(folder, "ready.json")
	server := exec.Command(binary, "serve", "--config", config, "--host", "127.0.0.1", "--port", "0", "--metrics-port", "0",
		"--data-dir", filepath.Join(folder, "data"), "--ready-file", readyFile)
	server.Stderr = os.Stderr
	server.Env = plainEnvironment()
	if err := server.Start(); err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Wait() }()
	port, err := awaitReady(readyFile, ended)
	if err != nil {
		_ = server.Process.Kill()
		return 1, err
	}
	address = fmt.Sprintf("127.0.0.1:%d", port)
	code := run()
	if err := server.Process.Signal(syscall.SIGTERM); err != nil {
		return 1, err
	}
	select {
	case err = <-ended:
	case <-time.After(10 * time.Second):
		_ = server.Process.Kill()
		err = fmt.Errorf("the server did not stop")
	}
	return code, err
}

// plainEnvironment leaves out what would be a setting to the server.
func plainEnvironment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "FANFARE_") && !strings.HasPrefix(variable, "PUSHER_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

func awaitReady(path string, ended chan error) (int, error) {
	for start := time.Now(); time.Since(start) < 10*time.Second; time.Sleep(5 * time.Millisecond) {
		select {
		case err := <-ended:
			return 0, fmt.Errorf("the server ended before it was ready: %v", err)
		default:
		}
		if text, err := os.ReadFile(path); err == nil {
			var ready struct {
				Port int `json:"port"`
			}
			err = json.Unmarshal(text, &ready)
			return ready.Port, err
		}
	}
	return 0, fmt.Errorf("the server did not become ready")
}

func sdk() *pusher.Client {
	return &pusher.Client{AppID: appID, Key: key, Secret: secret, Host: address, EncryptionMasterKeyBase64: masterKey}
}
