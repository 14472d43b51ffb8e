// SPDX-License-Identifier: Apache-2.0
// The exchanges that are under way for a session on one worker, so that its end can cut them (S5). Intrusive: no lock, no
// allocation. Single-threaded.
#pragma once

namespace sallyport::session {

class LiveExchanges;

// Lives in the frame that serves the exchange; unlinks itself.
class LiveExchange {
 public:
  using CutFunction = void (*)(void* context);
  LiveExchange(CutFunction cut, void* context) : cut_(cut), context_(context) {}
  LiveExchange(const LiveExchange&) = delete;
  LiveExchange& operator=(const LiveExchange&) = delete;
  ~LiveExchange() { Unlink(); }
  // A list that is closed already cuts it at once, from within the call.
  void LinkTo(LiveExchanges& list);
  void Unlink();

 private:
  friend class LiveExchanges;
  CutFunction cut_;
  void* context_;
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
  // Moves all of `other`'s exchanges here (the session object was replaced, not ended).
  void TakeFrom(LiveExchanges& other);
  bool empty() const { return first_ == nullptr; }
  ~LiveExchanges();

 private:
  friend class LiveExchange;
  LiveExchange* first_ = nullptr;
  bool closed_ = false;
};

}  // namespace sallyport::session
