// SPDX-License-Identifier: Apache-2.0
// The one error value of the project.
//
// `code` is what code decides on (one Errc enumeration per layer, registered with SALLYPORT_ERRC).
// `detail` is for logs only: it never reaches a client, and never holds a secret.
#pragma once

#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace sallyport {

struct [[nodiscard]] Error {
  std::error_code code;
  std::string detail;

  Error() = default;
  [[gnu::cold]] Error(std::error_code c, std::string d = {}) : code(c), detail(std::move(d)) {}
  template <class E>
    requires std::is_error_code_enum_v<E>
  [[gnu::cold]] Error(E e, std::string d = {}) : code(make_error_code(e)), detail(std::move(d)) {}

  template <class E>
    requires std::is_error_code_enum_v<E>
  bool Is(E e) const {
    return code == make_error_code(e);
  }
  // "layer.name: detail", for logs.
  std::string ToLogString() const;
};

// Category shared by every layer's enumeration. `NameOf(E)` is found in the enumeration's namespace.
template <class E>
class ErrcCategory final : public std::error_category {
 public:
  explicit ErrcCategory(const char* layer) : layer_(layer) {}
  const char* name() const noexcept override { return layer_; }
  std::string message(int value) const override { return NameOf(static_cast<E>(value)); }

 private:
  const char* layer_;
};

}  // namespace sallyport

// Put after an enumeration `ns::Errc` whose namespace declares `const char* NameOf(Errc)`; outside any namespace.
#define SALLYPORT_ERRC(ns, layer)                                        \
  namespace ns {                                                         \
  inline std::error_code make_error_code(Errc e) {                       \
    static const ::sallyport::ErrcCategory<Errc> category{layer};        \
    return {static_cast<int>(e), category};                              \
  }                                                                      \
  }                                                                      \
  template <>                                                            \
  struct std::is_error_code_enum<ns::Errc> : std::true_type {};
