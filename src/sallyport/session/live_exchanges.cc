// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/live_exchanges.h"

namespace sallyport::session {

void LiveExchange::LinkTo(LiveExchanges& list) {
  Unlink();
  if (list.closed_) {
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

void LiveExchanges::TakeFrom(LiveExchanges& other) {
  if (&other == this) return;
  while (LiveExchange* exchange = other.first_) exchange->LinkTo(*this);
}

LiveExchanges::~LiveExchanges() {
  while (first_) first_->Unlink();
}

}  // namespace sallyport::session
