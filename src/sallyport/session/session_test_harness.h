// SPDX-License-Identifier: Apache-2.0
// A session service on real workers with a fake clock, fake randomness and the memory store; housekeeping runs only when
// told. What belongs to a worker (SessionRef, exchanges) never leaves its thread; tests see plain values.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "sallyport/crypto/derived_keys.h"
#include "sallyport/session/session_service.h"
#include "sallyport/session/session_test_store.h"
#include "sallyport/token/next_auth_jwe.h"
#include "support/fake_clock.h"
#include "support/fake_random.h"

namespace sallyport::session {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

inline std::vector<Secret> Secrets(std::initializer_list<const char*> texts) {
  std::vector<Secret> secrets;
  for (const char* text : texts) secrets.emplace_back(std::string(text));
  return secrets;
}

// What a request with these Cookie fields gets to know.
struct Seen {
  CookieState state = CookieState::kNone;
  std::string id, user_id, method, csrf_token, claims;
  std::vector<std::string> groups;
  std::optional<std::string> name;
  Timestamp idle_end{}, absolute_end{};
  bool renew_cookie = false;
};

// An exchange that holds its session, on one worker; on a route that asks for `group` unless that is empty.
struct TestExchange {
  TestExchange(SessionRef s, std::string g) : session(std::move(s)), group(std::move(g)) { live.LinkTo(session->live); }
  static bool Permits(void* self, const SessionData& data) {
    const auto& wanted = static_cast<TestExchange*>(self)->group;
    return std::binary_search(data.groups.begin(), data.groups.end(), wanted) || data.claims.contains(wanted);
  }
  SessionRef session;
  std::string group;
  std::atomic<int> cuts = 0;
  LiveExchange live{[](void* c) { ++static_cast<TestExchange*>(c)->cuts; }, this, group.empty() ? nullptr : &Permits};
};

class Harness {
 public:
  explicit Harness(Strategy strategy = Strategy::kDatabase, std::size_t worker_count = 2) : workers(worker_count) {
    options.strategy = strategy;
    options.idle_timeout = hours(1);
    options.max_lifetime = hours(10);
    options.update_age = minutes(5);
    options.update_claims = {"theme", "sub"};
    workers.Start();
    user.id = "5f0c1c0e-0000-4000-8000-000000000001";
    user.name = "Ada";
    user.email = "ada@example.com";
    user.groups = {"staff"};
    user.created_at = clock.Now();
    EXPECT_TRUE(On(0, store.users().Create(user, "")));
  }
  ~Harness() {
    if (service_) service_->Stop();
    workers.Stop();
  }

  SessionOptions& settings() { return options; }
  SessionService& service() {
    if (!service_) Restart();
    return *service_;
  }
  // The same store under a new service: what a process that starts knows.
  void Restart() {
    service_ = std::make_unique<SessionService>(options, names, store, workers, keys, clock, random, guesses);
  }

  // Runs a task on a worker and waits for it.
  template <class T>
  std::future<Result<T>> Begin(std::size_t worker, Task<T> task) {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    async::Spawn(workers.executor(worker), Deliver<T>(std::move(task), promise), "test");
    return future;
  }
  template <class T>
  Result<T> On(std::size_t worker, Task<T> task) {
    return Begin<T>(worker, std::move(task)).get();
  }
  void OnWorker(std::size_t worker, std::function<void()> work) {
    std::promise<void> done;
    workers.Post(worker, [&] {
      work();
      done.set_value();
    });
    done.get_future().get();
  }
  // Everything that could run on the worker has run up to where it waits.
  void Settle(std::size_t worker) {
    for (int i = 0; i < 4; ++i) OnWorker(worker, [] {});
  }

  BegunSession SignIn(std::optional<model::SessionId> replaces = std::nullopt, json::object claims = {}, json::object tokens = {}) {
    BeginSession request;
    request.user = user;
    request.method = "password";
    request.amr = {"pwd"};
    request.claims = std::move(claims);
    request.tokens = std::move(tokens);
    request.client = {"192.0.2.1", std::string(300, 'u')};
    request.replaces = std::move(replaces);
    auto begun = On(0, service().Begin(std::move(request)));
    EXPECT_TRUE(begun) << begun.error().ToLogString();
    return begun ? *begun : BegunSession{};
  }
  std::string CookieOf(const std::string& value) const { return names.session + "=" + value; }

  // One string a Cookie field.
  std::future<Result<Seen>> BeginLook(std::size_t worker, std::vector<std::string> cookies, bool slide = true) {
    return Begin<Seen>(worker, LookAt(&service(), std::move(cookies), slide));
  }
  Result<Seen> TryLook(std::size_t worker, std::vector<std::string> cookies, bool slide = true) {
    return BeginLook(worker, std::move(cookies), slide).get();
  }
  Seen Look(std::size_t worker, std::vector<std::string> cookies, bool slide = true) {
    auto seen = TryLook(worker, std::move(cookies), slide);
    EXPECT_TRUE(seen) << seen.error().ToLogString();
    return seen ? *seen : Seen{};
  }
  CookieState StateOf(std::size_t worker, const std::string& value) { return Look(worker, {CookieOf(value)}).state; }

  // An exchange of that session on that worker; nullptr when there is no session.
  std::shared_ptr<TestExchange> Open(std::size_t worker, const std::string& value, std::string group = {}) {
    auto opened = On(worker, OpenExchange(&service(), CookieOf(value), std::move(group)));
    EXPECT_TRUE(opened);
    // Destroyed where it lives.
    return {opened->release(), [this, worker](TestExchange* e) { OnWorker(worker, [e] { delete e; }); }};
  }

  // What an operator does: writes the groups, then tells the service.
  Result<void> SetGroups(std::size_t worker, std::vector<std::string> groups) {
    user.groups = std::move(groups);
    if (auto written = On(worker, store.users().UpdateProfile(user)); !written) return written;
    return On(worker, service().ProfileChanged(user.id));
  }
  Result<void> UpdateClaims(std::size_t worker, const std::string& value, json::object changes) {
    return On(worker, ChangeClaims(&service(), CookieOf(value), std::move(changes)));
  }
  Result<BegunSession> Renew(std::size_t worker, const std::string& value) { return On(worker, RenewOf(&service(), CookieOf(value))); }
  void Tick(std::size_t worker) {
    auto ticked = On(worker, service().Tick());
    EXPECT_TRUE(ticked) << ticked.error().ToLogString();
  }
  model::SessionRecord Row(const model::SessionId& id) {
    auto row = On(0, store.sessions().FindById(id));
    return row && *row ? (*row)->session : model::SessionRecord{};
  }
  token::NextAuthCodec CodecOf(std::initializer_list<const char*> secrets) {
    const auto list = Secrets(secrets);
    return *token::NextAuthCodec::Create(token::NextAuthVersion::kV5, list, names.session, clock, random);
  }

  test::FakeClock clock;
  test::FakeRandom random;
  TestStore store;
  async::WorkerSet workers;
  crypto::DerivedKeys keys = *crypto::DerivedKeys::Derive(Secrets({"a secret of at least thirty-two bytes"}));
  CookieNames names = CookieNames::For(NextAuthCompat::kV5, false);
  model::User user;
  TokenGuesses* guesses = nullptr;   // before the service is made

 private:
  template <class T>
  static Coroutine<void> Deliver(Task<T> task, std::shared_ptr<std::promise<Result<T>>> promise) {
    promise->set_value(co_await std::move(task));
  }
  static void Fill(http::HeaderTable& table, const std::vector<std::string>& cookies) {
    for (const std::string& cookie : cookies) table.Add({"cookie", cookie, http::HeaderId::kCookie});
  }
  static Task<Seen> LookAt(SessionService* service, std::vector<std::string> cookies, bool slide) {
    auto table = std::make_unique<http::HeaderTable>();
    Fill(*table, cookies);
    SALLYPORT_CO_TRY(Resolution found, co_await service->Resolve(*table, slide, http::IpAddress::FromV4(0xc0000201)));
    Seen seen;
    seen.state = found.state;
    seen.renew_cookie = found.renew_cookie;
    if (found.session) {
      const SessionData& data = found.session->data;
      seen.id = data.id;
      seen.user_id = data.user_id;
      seen.name = data.name;
      seen.method = data.method;
      seen.groups = data.groups;
      seen.csrf_token = data.csrf_token;
      seen.claims = json::serialize(data.claims);
      seen.idle_end = found.session->idle_end;
      seen.absolute_end = data.absolute_end;
    }
    co_return seen;
  }
  static Task<SessionRef> Find(SessionService* service, std::string cookie) {
    auto table = std::make_unique<http::HeaderTable>();
    table->Add({"cookie", cookie, http::HeaderId::kCookie});
    SALLYPORT_CO_TRY(Resolution found, co_await service->Resolve(*table, true, http::IpAddress::FromV4(0xc0000201)));
    if (!found.session) co_return Fail(Errc::kEnded);
    co_return found.session;
  }
  static Task<std::unique_ptr<TestExchange>> OpenExchange(SessionService* service, std::string cookie, std::string group) {
    SALLYPORT_CO_TRY(SessionRef session, co_await Find(service, std::move(cookie)));
    co_return std::make_unique<TestExchange>(std::move(session), std::move(group));
  }
  static Task<void> ChangeClaims(SessionService* service, std::string cookie, json::object changes) {
    SALLYPORT_CO_TRY(SessionRef session, co_await Find(service, std::move(cookie)));
    co_return co_await service->UpdateClaims(std::move(session), std::move(changes));
  }
  static Task<BegunSession> RenewOf(SessionService* service, std::string cookie) {
    SALLYPORT_CO_TRY(SessionRef session, co_await Find(service, std::move(cookie)));
    co_return co_await service->Renew(std::move(session));
  }

  SessionOptions options;
  std::unique_ptr<SessionService> service_;
};

}  // namespace sallyport::session
