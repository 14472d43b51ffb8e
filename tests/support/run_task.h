// SPDX-License-Identifier: Apache-2.0
// Runs a coroutine to its end on a loop and gives its result: for tests of interfaces that are coroutines.
#pragma once

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include "sallyport/async/loop.h"
#include "sallyport/async/spawn.h"
#include "sallyport/async/task.h"

namespace sallyport::test {

template <class T, class F>
Coroutine<void> GiveTo(Coroutine<T> task, F then) {
  then(co_await std::move(task));
}

// Begins `task`, whose value goes to `then`.
template <class T, class F>
void Start(async::Loop& loop, Coroutine<T> task, F then) {
  async::Spawn(loop.executor(), GiveTo<T, F>(std::move(task), std::move(then)), "test");
}

template <class T>
Coroutine<void> Store(Coroutine<T> task, std::optional<T>& out, std::exception_ptr& thrown) {
  try {
    out.emplace(co_await std::move(task));
  } catch (...) {
    thrown = std::current_exception();
  }
}

// Until `task` has ended, whatever else still waits there.
template <class T>
T RunTask(async::Loop& loop, Coroutine<T> task) {
  std::optional<T> out;
  std::exception_ptr thrown;
  async::Spawn(loop.executor(), Store<T>(std::move(task), out, thrown), "test");
  while (!out && !thrown) loop.RunTurn();
  if (thrown) std::rethrow_exception(thrown);
  return *std::move(out);
}

// On a loop of its own.
template <class T>
T RunTask(Coroutine<T> task) {
  async::Loop loop;
  return RunTask(loop, std::move(task));
}

}  // namespace sallyport::test
