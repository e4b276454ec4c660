// ParserPool: parsers for the requests that are under way, so that an idle connection has none.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "http/request_parser.h"

namespace fanfare::httpd {

// Thread: one loop.
class ParserPool {
 public:
  // `limits` must outlive the parsers.
  ParserPool(const http::RequestLimits& limits, std::size_t kept_max) : limits_(limits), kept_max_(kept_max) {}

  std::unique_ptr<http::RequestParser> take() {
    if (kept_.empty()) return std::make_unique<http::RequestParser>(limits_);
    std::unique_ptr<http::RequestParser> parser = std::move(kept_.back());
    kept_.pop_back();
    return parser;
  }
  void give_back(std::unique_ptr<http::RequestParser> parser) {
    if (kept_.size() >= kept_max_) return;
    parser->reset();
    kept_.push_back(std::move(parser));
  }
  std::size_t kept() const noexcept { return kept_.size(); }

 private:
  const http::RequestLimits& limits_;
  const std::size_t kept_max_;
  std::vector<std::unique_ptr<http::RequestParser>> kept_;
};

}  // namespace fanfare::httpd
