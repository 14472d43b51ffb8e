// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/live_exchanges.h"

#include <utility>

namespace sallyport::session {

bool LiveExchange::PermittedBy(const SessionData* data) const { return !permits_ || (data && permits_(context_, *data)); }

void LiveExchange::LinkTo(LiveExchanges& list) {
  Unlink();
  if (list.closed_ || (list.now_.reading != 0 && !PermittedBy(list.now_.data.get()))) {
    cut_(context_);
    return;
  }
  next_ = list.first_;
  previous_next_ = &list.first_;
  if (next_) next_->previous_next_ = &next_;
  list.first_ = this;
}

void LiveExchange::Unlink() {
  if (!previous_next_) return;
  *previous_next_ = next_;
  if (next_) next_->previous_next_ = previous_next_;
  next_ = nullptr;
  previous_next_ = nullptr;
}

void LiveExchanges::CutAll() {
  // A cut may destroy exchanges, itself included, so each is off the list before its function runs.
  while (LiveExchange* exchange = first_) {
    exchange->Unlink();
    exchange->cut_(exchange->context_);
  }
}

void LiveExchanges::Close() {
  closed_ = true;
  CutAll();
}

void LiveExchanges::CutUnlessPermitted(const SessionData* data) {
  // Looked at from a list of their own, each off it before its cut runs: a cut may destroy any of them.
  LiveExchanges waiting;
  waiting.TakeFrom(*this);
  LiveExchanges permitted;
  while (LiveExchange* exchange = waiting.first_) {
    if (exchange->PermittedBy(data)) {
      exchange->LinkTo(permitted);
    } else {
      exchange->Unlink();
      exchange->cut_(exchange->context_);
    }
  }
  TakeFrom(permitted);
}

void LiveExchanges::Supersede(SessionNow now) {
  if (now.reading <= now_.reading) return;
  now_ = std::move(now);
  // Kept here too: a cut may supersede this list again.
  const auto data = now_.data;
  CutUnlessPermitted(data.get());
}

void LiveExchanges::TakeFrom(LiveExchanges& other) {
  if (&other == this) return;
  while (LiveExchange* exchange = other.first_) exchange->LinkTo(*this);
}

LiveExchanges::~LiveExchanges() {
  while (first_) first_->Unlink();
}

}  // namespace sallyport::session
