#include "cli/print.h"

#include <cstdio>

namespace fanfare::cli {

namespace {

void write(std::FILE* to, std::string_view text) { std::fwrite(text.data(), 1, text.size(), to); }

}  // namespace

void print_line(std::string_view text) {
  write(stdout, text);
  write(stdout, "\n");
  std::fflush(stdout);
}

void print_note(std::string_view text) {
  write(stderr, "fanfare: ");
  write(stderr, text);
  write(stderr, "\n");
}

int fail(const Error& error, int status) {
  print_note(error.message);
  return status;
}

}  // namespace fanfare::cli
