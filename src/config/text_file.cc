#include "config/text_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"

namespace fanfare::config {

namespace {

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  File& operator=(File&&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const noexcept { return descriptor_; }
  bool is_open() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_;
};

Error io_error(const std::string& path, std::string_view what) {
  return {ErrorKind::kIo, path + ": " + std::string(what) + ": " + std::strerror(errno)};
}

Result<std::string> read_all(const File& file, const std::string& path) {
  std::string text;
  std::array<char, 16UL * 1024> buffer;
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return io_error(path, "cannot be read");
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kFileBytesMax) {
      return Error{ErrorKind::kTooLarge, path + ": expected at most " + std::to_string(kFileBytesMax) + " bytes"};
    }
  }
}

bool write_all(const File& file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(file.get(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (file.is_open()) ::fsync(file.get());
}

std::string octal(mode_t mode) {
  std::string text = "0";
  for (const unsigned shift : {6U, 3U, 0U}) text += static_cast<char>('0' + ((mode >> shift) & 7U));
  return text;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return io_error(path, "cannot be opened");
  return read_all(file, path);
}

Result<std::optional<std::string>> read_private_file(const std::string& path) {
  // O_NONBLOCK: a pipe under this name must not make us wait for its writer.
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (!file.is_open() && errno == ENOENT) return std::optional<std::string>();
  if (!file.is_open()) return io_error(path, errno == ELOOP ? "must not be a symbolic link" : "cannot be opened");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return io_error(path, "cannot be examined");
  const auto refuse = [&](const std::string& why) { return Error{ErrorKind::kForbidden, path + ": " + why}; };
  if (!S_ISREG(status.st_mode)) return refuse("expected a plain file");
  if (status.st_uid != ::geteuid()) {
    return refuse("expected a file of user " + std::to_string(::geteuid()) + ", it belongs to user " +
                  std::to_string(status.st_uid));
  }
  if ((status.st_mode & 077U) != 0) {
    return refuse("it holds a secret and is open to others: expected mode 0600, found " + octal(status.st_mode));
  }
  Result<std::string> text = read_all(file, path);
  if (!text.ok()) return std::move(text).error();
  return std::optional<std::string>(*std::move(text));
}

Result<bool> create_private_file(const std::string& path, std::string_view text) {
  const std::string draft = path + "." + secure_random_hex(8);
  {
    const File file(::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file.is_open()) return io_error(draft, "cannot be created");
    if (!write_all(file, text) || ::fsync(file.get()) != 0) {
      Error error = io_error(draft, "cannot be written");
      ::unlink(draft.c_str());
      return error;
    }
  }
  // A link, unlike a rename, fails when another process was faster.
  const bool is_created = ::link(draft.c_str(), path.c_str()) == 0;
  Error error = is_created ? Error() : io_error(path, "cannot be created");
  const bool is_there = !is_created && errno == EEXIST;
  ::unlink(draft.c_str());
  if (!is_created && !is_there) return error;
  sync_folder_of(path);
  return is_created;
}

Status make_private_folder(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) return io_error(part, "cannot be created");
    if (slash == std::string::npos) break;
  }
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return io_error(path, "cannot be examined");
  if (!S_ISDIR(status.st_mode)) return Error{ErrorKind::kIo, path + ": expected a folder"};
  return {};
}

}  // namespace fanfare::config
