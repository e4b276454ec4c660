# Every third-party library is found here, once, as an imported target.
# Which module may include which of them: src/libraries.txt.
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED COMPONENTS SSL Crypto)
find_package(simdjson REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(prometheus-cpp REQUIRED COMPONENTS core)
find_package(CURL REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_package(tsl-robin-map REQUIRED)

find_package(PkgConfig REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(libsodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(libjwt REQUIRED IMPORTED_TARGET libjwt)
find_package(CLI11 REQUIRED)

if(FANFARE_TESTS)
  find_package(GTest REQUIRED)
endif()
if(FANFARE_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()
