// The masking of RFC 6455 section 5.3.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace fanfare::ws {

using MaskingKey = std::array<std::uint8_t, 4>;

// Masks or unmasks `bytes` in place, eight at a time. The first byte meets key[0].
// Returns the key rotated so that a later call goes on where this one ended.
MaskingKey apply_mask(MutableBytes bytes, MaskingKey key) noexcept;

}  // namespace fanfare::ws
