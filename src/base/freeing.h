// Freeing: lets a std::unique_ptr own what a C library made, by the library's own function:
//
//   using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
#pragma once

namespace fanfare {

template <auto Free>
struct Freeing {
  template <typename Pointee>
  void operator()(Pointee* pointee) const noexcept {
    Free(pointee);
  }
};

}  // namespace fanfare
