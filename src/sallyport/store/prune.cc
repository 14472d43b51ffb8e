// SPDX-License-Identifier: Apache-2.0
#include "sallyport/store/prune.h"

#include <functional>

namespace sallyport::store {
namespace {

constexpr std::size_t kBatch = 500;
constexpr int kMaxBatches = 20;

Task<void> InBatches(std::function<Task<std::size_t>()> delete_batch) {
  for (int i = 0; i < kMaxBatches; ++i) {
    SALLYPORT_CO_TRY(const std::size_t deleted, co_await delete_batch());
    if (deleted < kBatch) break;
  }
  co_return Result<void>();
}

}  // namespace

Task<void> Prune(Store& store, RetentionOptions keep, Timestamp now) {
  const std::function<Task<std::size_t>()> batches[] = {
      [&store, now] { return store.sessions().DeleteExpired(now, kBatch); },
      [&store, now] { return store.verification_tokens().DeleteExpired(now, kBatch); },
      [&store, before = now - keep.audit] { return store.audit().DeleteBefore(before, kBatch); },
      [&store, before = now - keep.mail] { return store.mail_queue().DeleteBefore(before, kBatch); },
  };
  for (const auto& delete_batch : batches) {
    SALLYPORT_CO_CHECK(co_await InBatches(delete_batch));
  }
  co_return Result<void>();
}

}  // namespace sallyport::store
