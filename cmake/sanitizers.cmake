# FANFARE_SANITIZE is a comma list as -fsanitize= takes it: "address,undefined" or "thread".
add_library(fanfare_sanitizers INTERFACE)
if(FANFARE_SANITIZE)
  target_compile_options(fanfare_sanitizers INTERFACE
    -fsanitize=${FANFARE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(fanfare_sanitizers INTERFACE -fsanitize=${FANFARE_SANITIZE})
endif()
if(FANFARE_FUZZERS)
  target_compile_options(fanfare_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()
