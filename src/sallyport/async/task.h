// SPDX-License-Identifier: Apache-2.0
// The coroutine vocabulary: Task<T> is an Asio awaitable of a Result<T>.
//
// A Task runs on the executor of the coroutine that awaits it. Parameters are passed by value across co_await, or are
// references to something that is documented to outlive the call. No capturing coroutine lambdas. No mutex is held over
// co_await.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "sallyport/base/result.h"

namespace sallyport {

template <class T>
using Task = boost::asio::awaitable<Result<T>>;

using Executor = boost::asio::any_io_executor;

}  // namespace sallyport
