# Warnings are errors. Linked by every target of ours, never set globally, so third-party code is not held to it.
add_library(fanfare_warnings INTERFACE)
set(common_warnings
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Wcast-qual
  -Wimplicit-fallthrough -Werror)
set(gcc_warnings -Wduplicated-cond -Wlogical-op -Wuseless-cast -Wnull-dereference)
target_compile_options(fanfare_warnings INTERFACE
  ${common_warnings}
  $<$<CXX_COMPILER_ID:GNU>:${gcc_warnings}>)
# g++ 12 reports null dereferences inside libstdc++ once a sanitizer rewrites the flow: a false positive only there.
if(FANFARE_SANITIZE)
  target_compile_options(fanfare_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-null-dereference;-Wno-maybe-uninitialized>)
endif()
# At -O2 g++ 12 inlines the standard library into us and finds faults in it: a string or vector without memory, an
# overlapping copy in '"x" + std::string(n, c)' (GCC bug 105651). The test build, at -O1, keeps both warnings.
target_compile_options(fanfare_warnings INTERFACE
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:RelWithDebInfo>>:-Wno-null-dereference;-Wno-restrict>)
