// SPDX-License-Identifier: Apache-2.0
// The coroutine vocabulary: Task<T> is a coroutine that gives a Result<T>.
//
// A Task runs on the thread of the coroutine that awaits it. Parameters are passed by value across co_await, or are
// references to something that is documented to outlive the call. No capturing coroutine lambdas. No mutex is held over
// co_await.
#pragma once

#include "sallyport/async/coroutine.h"
#include "sallyport/base/result.h"

namespace sallyport {

template <class T>
using Task = async::Coroutine<Result<T>>;

}  // namespace sallyport
