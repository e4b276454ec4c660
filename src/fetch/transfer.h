// Transfer: one request and what has come back of it, as a libcurl easy handle. For this module only.
#pragma once

#include <array>
#include <memory>
#include <string>

#include <curl/curl.h>

#include "base/result.h"
#include "fetch/http_client.h"

namespace fanfare::fetch {

// Prepares libcurl; once a process, before its first handle. Thread: any.
void prepare_curl();

// Thread: one at a time. Not moved: libcurl keeps its address.
class Transfer {
 public:
  Transfer(Request request, const FetchOptions& options);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Fails: when the request makes no sense. To be called once, before the handle is used.
  Status prepare();
  CURL* handle() noexcept { return easy_.get(); }
  // What came of it; `code` is libcurl's verdict. Takes the response out.
  Result<Response> finish(CURLcode code);

 private:
  struct FreeEasy {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  bool take_body(std::string_view bytes);
  bool take_header(std::string_view line);
  Status add_headers();
  void set_bounds();
  void set_method();
  std::string server() const;
  Error error_of(CURLcode code) const;

  Request request_;
  const FetchOptions& options_;
  Response response_;
  std::size_t header_bytes_ = 0;
  bool is_too_large_ = false;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::array<char, CURL_ERROR_SIZE> reason_{};
};

}  // namespace fanfare::fetch
