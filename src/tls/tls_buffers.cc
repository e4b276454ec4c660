#include "tls/tls_buffers.h"

#include <memory>

namespace fanfare::tls {

namespace {

constexpr std::size_t kPlainBytes = 64 * kKiB + TlsEngine::kRecordBytesMax;
constexpr std::size_t kRecordsKept = 256 * kKiB;

}  // namespace

MutableBytes plain_buffer() {
  thread_local const auto buffer = std::make_unique<std::uint8_t[]>(kPlainBytes + kSpareBytes);
  return {buffer.get(), kPlainBytes};
}

std::string& record_buffer() {
  thread_local std::string records;
  return records;
}

void give_back_if_large(std::string& records) {
  if (records.capacity() > kRecordsKept) records = {};
}

Decrypted decrypt_input(TlsEngine& engine, MutableBytes to, std::string& records) {
  Decrypted result{.step = TlsEngine::Step::kDone, .size = 0};
  while (to.size() - result.size >= TlsEngine::kRecordBytesMax) {
    const TlsEngine::ReadResult read = engine.read(to.subspan(result.size), records);
    result.size += read.size;
    if (read.step == TlsEngine::Step::kDone) continue;
    result.step = read.step;
    return result;
  }
  return result;
}

}  // namespace fanfare::tls
