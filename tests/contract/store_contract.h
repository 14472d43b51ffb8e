// SPDX-License-Identifier: Apache-2.0
// The fixture of every contract suite: a fresh store of each backend, and values to fill it with.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>

#include "sallyport/store/store.h"
#include "support/run_task.h"
#include "support/temp_dir.h"

namespace sallyport::store {

inline Timestamp At(std::int64_t seconds) { return FromUnixSeconds(1'800'000'000 + seconds); }

class StoreContract : public testing::TestWithParam<const char*> {
 protected:
  StoreContract();
  ~StoreContract() override;

  template <class T>
  static Result<T> Run(Task<T> task) {
    return test::RunTask(std::move(task));
  }
  // The value; a failure throws, and so ends the test.
  template <class T>
  static T Must(Task<T> task) {
    Result<T> result = Run(std::move(task));
    if (!result) throw std::runtime_error(result.error().ToLogString());
    if constexpr (!std::is_void_v<T>) return *std::move(result);
  }
  template <class T>
  static std::string CodeOf(Task<T> task) {
    Result<T> result = Run(std::move(task));
    return result ? "ok" : result.error().code.message();
  }

  static model::User UserNamed(const std::string& id);
  model::User AddUser(const std::string& id, const std::string& password_hash = "hash");
  static model::SessionRecord SessionOf(const std::string& user_id, const std::string& id);
  static model::TokenHash HashFor(const std::string& id);
  // Signs in; the session as stored.
  model::SessionRecord AddSession(const std::string& user_id, const std::string& id);
  static VerificationToken TokenFor(const std::string& purpose, const std::string& hash, const std::string& identifier,
                                    const std::string& user_id = "");

  std::unique_ptr<test::TempDir> dir_;
  std::unique_ptr<Store> store_;
};

std::string BackendName(const testing::TestParamInfo<const char*>& info);

#define SALLYPORT_EVERY_BACKEND(Suite) \
  INSTANTIATE_TEST_SUITE_P(Backends, Suite, testing::Values("memory", "sqlite"), BackendName)

}  // namespace sallyport::store
