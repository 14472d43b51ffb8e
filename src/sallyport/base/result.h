// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or the Error that says why there is none. Expected failures are values; exceptions are for
// start-up, bad_alloc and bugs.
//
// The macros are declarations, not expressions: g++ 12 crashes on a statement expression around co_await.
//   SALLYPORT_TRY(auto head, ParseHead(bytes));          in a function that returns Result<…>
//   SALLYPORT_CO_TRY(auto user, co_await users.Find(id)); in a coroutine that returns Task<…>
//   SALLYPORT_CHECK(expr) / SALLYPORT_CO_CHECK(expr)      the same for Result<void>
#pragma once

#include <expected>
#include <utility>

#include "sallyport/base/error.h"

namespace sallyport {

template <class T>
using Result = std::expected<T, Error>;

// Cold: what leads to it is laid out apart from what a request usually runs through.
template <class E>
[[nodiscard, gnu::cold]] std::unexpected<Error> Fail(E code, std::string detail = {}) {
  return std::unexpected<Error>(Error(code, std::move(detail)));
}

}  // namespace sallyport

#define SALLYPORT_CONCAT_INNER(a, b) a##b
#define SALLYPORT_CONCAT(a, b) SALLYPORT_CONCAT_INNER(a, b)

#define SALLYPORT_TRY_IMPL(ret, name, decl, ...)                     \
  auto name = __VA_ARGS__;                                           \
  if (!name) [[unlikely]] ret std::unexpected(std::move(name).error()); \
  decl = *std::move(name)
#define SALLYPORT_TRY(decl, ...) SALLYPORT_TRY_IMPL(return, SALLYPORT_CONCAT(sallyport_try_, __LINE__), decl, __VA_ARGS__)
#define SALLYPORT_CO_TRY(decl, ...) \
  SALLYPORT_TRY_IMPL(co_return, SALLYPORT_CONCAT(sallyport_try_, __LINE__), decl, __VA_ARGS__)
#define SALLYPORT_CHECK_IMPL(ret, name, ...)                         \
  do {                                                               \
    auto name = __VA_ARGS__;                                         \
    if (!name) [[unlikely]] ret std::unexpected(std::move(name).error()); \
  } while (false)
#define SALLYPORT_CHECK(...) SALLYPORT_CHECK_IMPL(return, SALLYPORT_CONCAT(sallyport_try_, __LINE__), __VA_ARGS__)
#define SALLYPORT_CO_CHECK(...) SALLYPORT_CHECK_IMPL(co_return, SALLYPORT_CONCAT(sallyport_try_, __LINE__), __VA_ARGS__)
