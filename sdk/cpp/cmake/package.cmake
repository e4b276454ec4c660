# What is installed: libfanfare.a with all our code that it needs, the public headers, CMake package files and fanfare.pc.
#
#   cmake --build build/release --target fanfare_sdk_package
#   cmake --install build/release --component sdk --prefix /usr/local
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(sdk_modules base crypto json pusher sdk)
set(sdk_objects)
foreach(module ${sdk_modules})
  # Nothing in it logs, and so it needs neither spdlog nor fmt.
  list(APPEND sdk_objects $<FILTER:$<TARGET_OBJECTS:fanfare_${module}>,EXCLUDE,/log>)
  # With link-time optimisation the objects hold machine code as well: not everyone links with our compiler.
  if(FANFARE_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(fanfare_${module} PRIVATE -ffat-lto-objects)
  endif()
endforeach()

add_library(fanfare_sdk_package STATIC ${sdk_objects})
set_target_properties(fanfare_sdk_package PROPERTIES OUTPUT_NAME fanfare EXPORT_NAME sdk LINKER_LANGUAGE CXX)
target_compile_features(fanfare_sdk_package PUBLIC cxx_std_20)
target_include_directories(fanfare_sdk_package INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(fanfare_sdk_package
  PRIVATE CURL::libcurl OpenSSL::Crypto simdjson::simdjson PkgConfig::libsodium Threads::Threads)

set(sdk_package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/fanfare)
install(TARGETS fanfare_sdk_package EXPORT fanfare COMPONENT sdk ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/fanfare COMPONENT sdk DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT fanfare COMPONENT sdk NAMESPACE fanfare:: FILE fanfareTargets.cmake DESTINATION ${sdk_package_folder})

configure_package_config_file(cmake/fanfareConfig.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/fanfareConfig.cmake
  INSTALL_DESTINATION ${sdk_package_folder})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/fanfareConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fanfareConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/fanfareConfigVersion.cmake
  COMPONENT sdk DESTINATION ${sdk_package_folder})
file(RELATIVE_PATH sdk_prefix_from_pc /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/fanfare.pc.in ${CMAKE_CURRENT_BINARY_DIR}/fanfare.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/fanfare.pc COMPONENT sdk DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# A sanitizer's runtime belongs to the whole program, which is not ours there.
if(FANFARE_TESTS AND NOT FANFARE_SANITIZE)
  add_test(NAME package/sdk
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/package_test.sh ${CMAKE_BINARY_DIR} ${CMAKE_CXX_COMPILER})
  set_tests_properties(package/sdk PROPERTIES LABELS package TIMEOUT 300)
endif()
