# Profile-guided optimisation, in two build folders: `record` builds a program that counts, while it runs, which way its
# branches go, and writes the counts to FANFARE_PROFILE_DIR when it ends; `use` builds by those counts. tools/build-profiled.sh
# does both, with a load in between. What the load never reached is built as without a profile, not for size.
if(NOT FANFARE_PROFILE)
  return()
endif()
if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  message(FATAL_ERROR "FANFARE_PROFILE needs GCC, not ${CMAKE_CXX_COMPILER_ID}: leave it empty")
endif()
if(FANFARE_PROFILE STREQUAL "record")
  set(profile_options -fprofile-generate=${FANFARE_PROFILE_DIR} -fprofile-update=atomic)
elseif(FANFARE_PROFILE STREQUAL "use")
  # A profile brings optimisations that make loops larger. Ours are short; what costs is the number of lines of code in the
  # processor's cache.
  set(profile_options -fprofile-use=${FANFARE_PROFILE_DIR} -fprofile-partial-training
    -fno-unroll-loops -fno-peel-loops -fno-tracer -fno-split-loops -fno-unswitch-loops
    -fno-tree-loop-vectorize -fno-tree-slp-vectorize -fno-ipa-cp-clone)
  # g++ 12.2 takes the one implementation of an interface that the load used for the only one: what listens as a client was sent
  # to the server's reader.
  list(APPEND profile_options -fno-devirtualize -fno-devirtualize-speculatively)
else()
  message(FATAL_ERROR "FANFARE_PROFILE: expected record or use, got ${FANFARE_PROFILE}")
endif()
# The prefix: the counts of an object are found from another build folder. No warnings: code laid out otherwise has others,
# most of them false, and every other build has ours.
list(APPEND profile_options -fprofile-prefix-path=${CMAKE_BINARY_DIR} -w)
add_compile_options(${profile_options})
add_link_options(${profile_options})
# It does not see the counts.
unset(CMAKE_CXX_COMPILER_LAUNCHER)
