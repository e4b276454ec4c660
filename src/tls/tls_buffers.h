// What all connections of a thread encrypt from and decrypt into, so that none has a buffer of its own.
//
// Thread: each has its own ones. What is in them is gone with the next connection's turn.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"
#include "tls/tls_engine.h"

namespace fanfare::tls {

// Takes whatever one read of a socket decrypts to, with kSpareBytes behind it.
MutableBytes plain_buffer();
std::string& record_buffer();
// An answer of many megabytes must not stay with the thread.
void give_back_if_large(std::string& records);

struct Decrypted {
  TlsEngine::Step step = TlsEngine::Step::kWantsInput;  // kDone: `to` is full, there may be more
  std::size_t size = 0;
};
// Reads records until the input is used up or `to` takes no further one.
Decrypted decrypt_input(TlsEngine& engine, MutableBytes to, std::string& records);

}  // namespace fanfare::tls
