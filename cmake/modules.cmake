# The build functions. A module is a folder of src/ with one static library and one test binary.

# Flags that every target of ours carries.
function(fanfare_target_defaults target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${target} PRIVATE fanfare_warnings PUBLIC fanfare_sanitizers)
  if(FANFARE_LTO)
    set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
  endif()
endfunction()

# fanfare_library(<module> SOURCES a.cc ... [DEPS <module> ...] [LIBRARIES <imported target> ...])
# DEPS are other modules (their public headers may be included); LIBRARIES are third-party targets, kept private.
function(fanfare_library module)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LIBRARIES;PUBLIC_LIBRARIES" ${ARGN})
  set(target fanfare_${module})
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(fanfare::${module} ALIAS ${target})
  fanfare_target_defaults(${target})
  list(TRANSFORM arg_DEPS PREPEND fanfare::)
  target_link_libraries(${target} PUBLIC ${arg_DEPS} ${arg_PUBLIC_LIBRARIES} PRIVATE ${arg_LIBRARIES})
endfunction()

# fanfare_test(<name> SOURCES a_test.cc ... [DEPS ...] [LIBRARIES ...] [LABEL unit] [TIMEOUT seconds])
# One GoogleTest binary, registered with ctest as one test under LABEL.
function(fanfare_test name)
  cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;DEPS;LIBRARIES" ${ARGN})
  if(NOT FANFARE_TESTS)
    return()
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300) # for what hangs; a busy machine is slow
  endif()
  set(target ${name}_test)
  add_executable(${target} ${arg_SOURCES})
  fanfare_target_defaults(${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  list(TRANSFORM arg_DEPS PREPEND fanfare::)
  target_link_libraries(${target} PRIVATE ${arg_DEPS} ${arg_LIBRARIES} GTest::gtest_main GTest::gmock)
  add_test(NAME ${arg_LABEL}/${name} COMMAND ${target} --gtest_brief=1)
  set_tests_properties(${arg_LABEL}/${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()

# fanfare_test_by_io_uring(<name> [LABEL unit]): a test of fanfare_test() once more, with every send going by io_uring.
function(fanfare_test_by_io_uring name)
  cmake_parse_arguments(arg "" "LABEL" "" ${ARGN})
  if(NOT FANFARE_TESTS)
    return()
  endif()
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  add_test(NAME ${arg_LABEL}/${name}_by_io_uring COMMAND ${name}_test --gtest_brief=1)
  set_tests_properties(${arg_LABEL}/${name}_by_io_uring PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300
    ENVIRONMENT "FANFARE_IO_ENGINE=io_uring;FANFARE_IO_URING_SOCKETS_MIN=1")
endfunction()

# fanfare_executable(<name> SOURCES main.cc ... [DEPS <module> ...] [LIBRARIES <imported target> ...])
# A program, at the root of the build folder. In release its debug information goes to <name>.debug beside it, where
# debuggers find it by the link that is left in the program.
function(fanfare_executable name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LIBRARIES" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  fanfare_target_defaults(${name})
  list(TRANSFORM arg_DEPS PREPEND fanfare::)
  target_link_libraries(${name} PRIVATE ${arg_DEPS} ${arg_LIBRARIES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
  if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    add_custom_command(TARGET ${name} POST_BUILD
      COMMAND ${CMAKE_OBJCOPY} --only-keep-debug ${name} ${name}.debug
      COMMAND ${CMAKE_STRIP} --strip-debug --strip-unneeded ${name}
      COMMAND ${CMAKE_OBJCOPY} --add-gnu-debuglink=${name}.debug ${name}
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}
      COMMENT "Setting the debug information of ${name} apart"
      VERBATIM)
  endif()
endfunction()

# fanfare_fuzz(<name> SOURCES x_fuzz.cc [DEPS ...]): a libFuzzer binary under FANFARE_FUZZERS; in every other build a
# replayer of tests/fuzz/corpus/<name>, registered as a test.
function(fanfare_fuzz name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LIBRARIES" ${ARGN})
  if(NOT FANFARE_FUZZERS AND NOT FANFARE_TESTS)
    return()
  endif()
  set(target fuzz_${name})
  set(corpus ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name})
  list(TRANSFORM arg_DEPS PREPEND fanfare::)
  add_executable(${target} ${arg_SOURCES})
  if(FANFARE_FUZZERS)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
    add_dependencies(fuzz_targets ${target})
  else()
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/fuzz/replay_main.cc)
    add_test(NAME fuzz/${name} COMMAND ${target} ${corpus})
    set_tests_properties(fuzz/${name} PROPERTIES LABELS fuzz TIMEOUT 60)
  endif()
  fanfare_target_defaults(${target})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${target} PRIVATE ${arg_DEPS} ${arg_LIBRARIES})
endfunction()
if(FANFARE_FUZZERS)
  add_custom_target(fuzz_targets)
endif()

# fanfare_bench(<name> SOURCES x_bench.cc [DEPS ...]): a Google Benchmark binary, only with FANFARE_BENCHMARKS.
function(fanfare_bench name)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LIBRARIES" ${ARGN})
  if(NOT FANFARE_BENCHMARKS)
    return()
  endif()
  set(target bench_${name})
  add_executable(${target} ${arg_SOURCES})
  fanfare_target_defaults(${target})
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  list(TRANSFORM arg_DEPS PREPEND fanfare::)
  target_link_libraries(${target} PRIVATE ${arg_DEPS} ${arg_LIBRARIES} benchmark::benchmark_main)
  add_dependencies(bench_targets ${target})
endfunction()
if(FANFARE_BENCHMARKS)
  add_custom_target(bench_targets)
endif()
