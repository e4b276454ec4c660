// The page that a SockJS client puts into a hidden frame, so that its requests are of the server's own origin.
//
// It runs a script that the request names (pusher-js: js_path), in the server's origin: so only scripts that the
// operator has listed. Source: REF 8.8
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fanfare::sockjs {

// Whether `url` is one of `allowed`: the same, or below an entry that ends with '/'. Never one with "..", with
// characters that a URL has encoded, or without http://, https:// or a path of this host in front.
bool is_allowed_script(const std::vector<std::string>& allowed, std::string_view url) noexcept;

// REQUIRES: is_allowed_script() said yes.
std::string iframe_page(std::string_view script_url);

// A tag that changes with the page (RFC 9110 section 8.8.3), quotes included.
std::string entity_tag_of(std::string_view page);

}  // namespace fanfare::sockjs
