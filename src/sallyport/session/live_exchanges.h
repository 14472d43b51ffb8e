// SPDX-License-Identifier: Apache-2.0
// The exchanges that are under way for a session on one worker, so that its end can cut them, and a change of it those whose
// route's policy no longer holds (S5). Intrusive: no lock, no allocation. Single-threaded.
#pragma once

#include <cstdint>
#include <memory>

namespace sallyport::session {

class LiveExchanges;
struct SessionData;

// A session as the store has it after a change. `data` is null when it is not there or nobody can say.
struct SessionNow {
  std::uint64_t reading = 0;   // later readings have larger numbers
  std::shared_ptr<const SessionData> data;
};

// Lives in the frame that serves the exchange; unlinks itself.
class LiveExchange {
 public:
  using CutFunction = void (*)(void* context);
  // May it go on for a session like this?
  using PermitFunction = bool (*)(void* context, const SessionData& data);
  // Without `permits` only the session's end cuts it.
  LiveExchange(CutFunction cut, void* context, PermitFunction permits = nullptr)
      : cut_(cut), context_(context), permits_(permits) {}
  LiveExchange(const LiveExchange&) = delete;
  LiveExchange& operator=(const LiveExchange&) = delete;
  ~LiveExchange() { Unlink(); }
  // A list that is closed already, or superseded by what does not permit it, cuts it at once, from within the call.
  void LinkTo(LiveExchanges& list);
  void Unlink();

 private:
  friend class LiveExchanges;
  bool PermittedBy(const SessionData* data) const;

  CutFunction cut_;
  void* context_;
  PermitFunction permits_;
  LiveExchange* next_ = nullptr;
  LiveExchange** previous_next_ = nullptr;
};

class LiveExchanges {
 public:
  LiveExchanges() = default;
  LiveExchanges(const LiveExchanges&) = delete;
  LiveExchanges& operator=(const LiveExchanges&) = delete;
  // Unlinks every exchange and calls its cut function, once each. The functions must not link to this list.
  void CutAll();
  // CutAll, now and for everything that is linked later: the session has ended, also for those who have only just found it.
  void Close();
  // Unlinks and cuts those that ask and that `data` does not permit; null permits none of them.
  void CutUnlessPermitted(const SessionData* data);
  // CutUnlessPermitted, now and for everything that is linked later: this object of the session is out of date. Only the
  // latest reading counts.
  void Supersede(SessionNow now);
  // Moves all of `other`'s exchanges here (the session object was replaced, not ended).
  void TakeFrom(LiveExchanges& other);
  bool empty() const { return first_ == nullptr; }
  ~LiveExchanges();

 private:
  friend class LiveExchange;
  LiveExchange* first_ = nullptr;
  SessionNow now_;   // reading 0: not superseded
  bool closed_ = false;
};

}  // namespace sallyport::session
