// The first app: with nothing configured, the first start makes an app of its own and later starts find it.
//
// There are no well-known default credentials: id, key and secret are random.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace fanfare::config {

// $FANFARE_DATA_DIR (which is server.data_dir's variable) comes first; this is what stands behind it:
// root: /var/lib/fanfare; others: $XDG_DATA_HOME/fanfare, else ~/.local/share/fanfare.
std::string default_data_dir(bool is_root, const std::string& xdg_data_home, const std::string& home);

std::string first_app_path(const std::string& data_dir);  // <data_dir>/app.toml

// The file's text, or nothing when there is none.
// Fails: kForbidden when it is not a plain file of this user or open to others; kIo when it cannot be read.
Result<std::optional<std::string>> read_first_app(const std::string& data_dir);

// Makes an app: a numeric id, a key and a secret of 20 hexadecimal digits. The folder gets mode 0700, the file 0600; it
// appears whole or not at all, and one that another process has made meanwhile is kept. Returns the file's text.
// Fails: kIo when folder or file cannot be written; kForbidden as read_first_app().
Result<std::string> make_first_app(const std::string& data_dir);

}  // namespace fanfare::config
