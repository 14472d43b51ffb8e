// SPDX-License-Identifier: Apache-2.0
// Hands a result from another thread to a coroutine that waits on its own worker.
//
//   auto [promise, future] = async::MakeCompletion<User>(co_await async::CurrentExecutor());
//   writer.Submit([promise] { promise.Set(...); });      // any thread, once
//   SALLYPORT_CO_TRY(auto user, co_await std::move(future).Wait());
//
// Set resumes the waiter on the executor given, also when the coroutine that asked has been destroyed (then the value is
// dropped). A promise whose last copy dies unset delivers Errc::kStopped. A value that is there before Wait is handed
// out without suspending. The executor's context must be alive when the promise is set or dies: whoever keeps promises
// (a pool, a writer) is stopped before the workers are destroyed.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "sallyport/async/errc.h"
#include "sallyport/async/task.h"

namespace sallyport::async {

template <class T>
class Promise;
template <class T>
class Future;

template <class T>
std::pair<Promise<T>, Future<T>> MakeCompletion(Executor executor);

}  // namespace sallyport::async

#include "sallyport/async/completion_impl.h"
