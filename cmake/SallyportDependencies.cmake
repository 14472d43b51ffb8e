# Everything that comes from Debian; docs/dependencies.md gives the reason for each.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(ARGON2 REQUIRED IMPORTED_TARGET libargon2)
pkg_check_modules(SQLITE3 REQUIRED IMPORTED_TARGET sqlite3)
find_package(SQLiteCpp REQUIRED)
find_path(MUSTACHE_INCLUDE_DIR kainjow/mustache.hpp REQUIRED)
if(SALLYPORT_TESTS)
  find_package(GTest REQUIRED)
endif()
if(SALLYPORT_BENCHMARKS)
  find_package(benchmark REQUIRED)
endif()

# Asio's sources are compiled once; every user of Asio links this and gets the same settings.
add_library(sallyport_asio STATIC ${CMAKE_SOURCE_DIR}/src/sallyport/async/asio_implementation.cc)
target_compile_definitions(sallyport_asio PUBLIC
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=16)
target_link_libraries(sallyport_asio PUBLIC Threads::Threads)
