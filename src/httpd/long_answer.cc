#include "httpd/long_answer.h"

#include <string>
#include <utility>

#include "base/assert.h"
#include "httpd/connection_table.h"
#include "httpd/http_connection.h"

namespace fanfare::httpd {

LongAnswer& LongAnswer::operator=(LongAnswer&& other) noexcept {
  if (this == &other) return *this;
  drop(false);
  connection_ = std::move(other.connection_);
  other.connection_.reset();
  number_ = other.number_;
  return *this;
}

void LongAnswer::begin(const http::Response& head, std::optional<std::size_t> length) {
  if (HttpConnection* target = connection()) target->begin_long_answer(head, length);
}

bool LongAnswer::is_chunked() const noexcept {
  const HttpConnection* target = connection();
  return target != nullptr && target->long_answer()->end == http::BodyEnd::Kind::kChunked;
}

bool LongAnswer::write(const LocalSlice& wire_bytes) {
  HttpConnection* target = connection();
  return target != nullptr && target->write_long_answer(wire_bytes);
}

bool LongAnswer::write_copy(std::string_view body) {
  FANFARE_ASSERT(!body.empty());
  if (!is_chunked()) return write(LocalSlice::copy_of(as_bytes(body)));
  std::string chunk;
  http::append_chunk_head(chunk, body.size());
  chunk.append(body).append("\r\n");
  return write(LocalSlice::copy_of(as_bytes(chunk)));
}

void LongAnswer::finish() {
  if (HttpConnection* target = connection()) target->finish_long_answer();
}

std::uint64_t LongAnswer::written_bytes() const noexcept {
  const HttpConnection* target = connection();
  return target == nullptr ? 0 : target->long_answer()->written;
}

std::uint64_t LongAnswer::unsent_bytes() const noexcept {
  const HttpConnection* target = connection();
  return target == nullptr ? 0 : target->unsent_of_long_answer();
}

HttpConnection* LongAnswer::connection() const noexcept {
  HttpConnection* found = connection_ ? connection_->connection() : nullptr;
  if (found == nullptr || found->long_answer() == nullptr || found->request_number() != number_) return nullptr;
  return found;
}

void LongAnswer::cut() { drop(true); }

void LongAnswer::drop(bool must_cut) noexcept {
  if (HttpConnection* target = connection()) target->drop_long_answer(must_cut);
  connection_.reset();
}

}  // namespace fanfare::httpd
