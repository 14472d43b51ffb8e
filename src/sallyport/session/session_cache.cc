// SPDX-License-Identifier: Apache-2.0
#include "sallyport/session/session_cache.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <utility>

#include "sallyport/session/revoked_ids.h"
#include "sallyport/session/session_table.h"
#include "sallyport/session/unknown_tokens.h"

namespace sallyport::session {

using DueSet = std::set<std::pair<Timestamp, CacheRecord*>>;

// Everything that is kept for one session id.
struct CacheRecord {
  SessionRef session;
  std::vector<SessionRef> former;         // replaced objects that exchanges still hold
  std::vector<model::TokenHash> keys;     // oldest first; empty after Forget
  DueSet::iterator due;

  bool in_use() const { return session->references() > 1 || !session->live.empty() || !former.empty(); }
  void PruneFormer() {
    std::erase_if(former, [](const SessionRef& f) { return f->references() == 1 && f->live.empty(); });
  }
};

struct SessionCache::State {
  explicit State(std::size_t c) : capacity(std::max<std::size_t>(c, 1)) {}

  const std::size_t capacity;
  std::uint64_t sequence = 1;
  SessionTable table;
  std::unordered_map<model::SessionId, std::unique_ptr<CacheRecord>> records;
  std::vector<model::SessionId> forgotten;  // without keys, kept for the exchanges that hold them
  DueSet due;
  UnknownTokens unknown;
  RevokedIds revoked;

  void DropKeys(CacheRecord& record) {
    for (const auto& key : record.keys) table.Erase(key);
    record.keys.clear();
  }

  // Out of the tables without ending it. `record` is destroyed.
  std::unique_ptr<CacheRecord> TakeOut(CacheRecord& record) {
    DropKeys(record);
    due.erase(record.due);
    const auto it = records.find(record.session->data.id);
    auto owned = std::move(it->second);
    records.erase(it);
    return owned;
  }

  void End(CacheRecord& record) {
    // Off the tables first: what is cut may call back into the cache.
    const auto owned = TakeOut(record);
    owned->former.push_back(owned->session);
    for (const SessionRef& session : owned->former) session->ended = true;
    for (const SessionRef& session : owned->former) session->live.Close();
  }

  void DropKeysAndKeepForExchanges(CacheRecord& record) {
    DropKeys(record);
    record.PruneFormer();
    if (record.in_use()) forgotten.push_back(record.session->data.id);
    else TakeOut(record);
  }

  // On copies: what is cut may call back into the cache.
  void Supersede(const model::SessionId& id, const SessionNow& now) {
    const auto it = records.find(id);
    if (it == records.end()) return;
    std::vector<SessionRef> objects = it->second->former;
    objects.push_back(it->second->session);
    for (const SessionRef& object : objects) object->live.Supersede(now);
  }

  // Looks at so many slots only that no insertion is slow: the table may exceed its capacity for a while, hence two victims.
  void MakeRoom() {
    const std::size_t steps = std::min<std::size_t>(2 * table.slots(), 1024);
    for (int i = 0; i < 2 && records.size() >= capacity; ++i) {
      const auto* victim = table.NextVictim(steps, [](const SessionTable::Slot& s) { return !s.record->in_use(); });
      if (victim) TakeOut(*victim->record);
    }
  }

  void Schedule(CacheRecord& record, Timestamp at) {
    auto node = due.extract(record.due);
    node.value().first = at;
    record.due = due.insert(std::move(node)).position;
  }

  CacheRecord& AddRecord(SessionRef session) {
    const model::SessionId id = session->data.id;
    const Timestamp first_look = std::min(session->data.absolute_end, session->idle_end - kWriteMargin);
    auto owned = std::make_unique<CacheRecord>();
    CacheRecord& record = *owned;
    record.session = std::move(session);
    record.due = due.emplace(first_look, &record).first;
    records.emplace(id, std::move(owned));
    return record;
  }

  static void TakeOver(Session& session, Session& old) {
    session.idle_end = std::max(session.idle_end, old.idle_end);
    session.written_idle_end = std::max(session.written_idle_end, old.written_idle_end);
    session.last_seen = std::max(session.last_seen, old.last_seen);
    session.touched = std::max(session.touched, old.touched);
  }

  // `fresh` takes the place of the record's object, which exchanges may go on holding.
  void Replace(CacheRecord& record, SessionRef fresh) {
    TakeOver(*fresh, *record.session);
    fresh->live.TakeFrom(record.session->live);
    record.former.push_back(std::exchange(record.session, std::move(fresh)));
    record.PruneFormer();
    for (const auto& key : record.keys) table.Find(key)->session = record.session.get();
  }

  void AddKey(CacheRecord& record, const model::TokenHash& key, Timestamp key_end) {
    SessionTable::Slot* slot = table.Find(key);
    if (!slot) {
      if (record.keys.size() == kMaxKeysPerSession) {
        table.Erase(record.keys.front());
        record.keys.erase(record.keys.begin());
      }
      slot = &table.Insert(key);
      record.keys.push_back(key);
    }
    slot->record = &record;
    slot->session = record.session.get();
    // Both ends in the slot: a hit then reads one line of the table and one of the session.
    slot->until = std::min(key_end, record.session->data.absolute_end);
  }
};

SessionCache::SessionCache(std::size_t capacity) : state_(std::make_unique<State>(capacity)) {}
SessionCache::~SessionCache() = default;

SessionCache::Found SessionCache::Find(const model::TokenHash& key, Timestamp now) {
  SessionTable::Slot* slot = state_->table.Find(key);
  if (!slot) {
    return {state_->unknown.Contains(key, now, state_->sequence) ? Outcome::kKnownUnknown : Outcome::kMiss, nullptr};
  }
  Session& session = *slot->session;
  if (now < slot->until && now < session.idle_end) [[likely]] {
    slot->used = true;
    return {Outcome::kHit, &session};
  }
  if (now >= session.data.absolute_end) {
    state_->End(*slot->record);
    return {Outcome::kKnownUnknown, nullptr};
  }
  CacheRecord& record = *slot->record;
  if (now >= session.idle_end) {
    state_->DropKeysAndKeepForExchanges(record);
  } else {
    std::erase(record.keys, key);
    state_->table.Erase(key);
    if (record.keys.empty()) state_->DropKeysAndKeepForExchanges(record);
  }
  return {Outcome::kMiss, nullptr};
}

Session* SessionCache::FindById(const model::SessionId& id) {
  const auto it = state_->records.find(id);
  return it == state_->records.end() || it->second->keys.empty() ? nullptr : it->second->session.get();
}

std::uint64_t SessionCache::sequence() const { return state_->sequence; }

bool SessionCache::Insert(const model::TokenHash& key, SessionRef session, std::uint64_t loaded_at_sequence, Timestamp key_end) {
  State& s = *state_;
  if (loaded_at_sequence != s.sequence || s.revoked.Contains(session->data.id)) return false;
  // A key means one session for ever; should the store say otherwise, the store is right.
  if (auto* slot = s.table.Find(key); slot && slot->session->data.id != session->data.id) s.End(*slot->record);

  const auto it = s.records.find(session->data.id);
  if (it == s.records.end()) {
    s.MakeRoom();
    s.AddKey(s.AddRecord(std::move(session)), key, key_end);
    return true;
  }
  CacheRecord& record = *it->second;
  const bool current = !record.keys.empty();
  if (current && record.session->data.version >= session->data.version) State::TakeOver(*record.session, *session);
  else if (session.get() != record.session.get()) s.Replace(record, std::move(session));
  s.AddKey(record, key, key_end);
  const SessionRef newest = record.session;
  newest->live.CutUnlessPermitted(&newest->data);
  return true;
}

void SessionCache::InsertUnknown(const model::TokenHash& key, Timestamp now, std::uint64_t loaded_at_sequence) {
  if (loaded_at_sequence != state_->sequence) return;
  state_->unknown.Add(key, now + kUnknownLife, loaded_at_sequence);
}

void SessionCache::Revoke(const model::SessionId& id, Timestamp until) {
  ++state_->sequence;
  state_->revoked.Add(id, until);
  End(id);
}

bool SessionCache::IsRevoked(const model::SessionId& id) const { return state_->revoked.Contains(id); }

void SessionCache::End(const model::SessionId& id) {
  const auto it = state_->records.find(id);
  if (it != state_->records.end()) state_->End(*it->second);
}

void SessionCache::Forget(const model::SessionId& id) {
  ++state_->sequence;
  const auto it = state_->records.find(id);
  if (it != state_->records.end() && !it->second->keys.empty()) state_->DropKeysAndKeepForExchanges(*it->second);
}

void SessionCache::ForgetAll() {
  ++state_->sequence;
  std::vector<CacheRecord*> current;
  for (const auto& [id, record] : state_->records) {
    if (!record->keys.empty()) current.push_back(record.get());
  }
  for (CacheRecord* record : current) state_->DropKeysAndKeepForExchanges(*record);
}

void SessionCache::Supersede(const model::SessionId& id, const SessionNow& now) {
  Forget(id);
  state_->Supersede(id, now);
}

void SessionCache::SupersedeUser(const model::UserId& id, std::uint64_t reading, const SessionsNow& now) {
  ++state_->sequence;
  std::vector<model::SessionId> theirs;
  for (const auto& [session_id, record] : state_->records) {
    if (record->session->data.user_id == id) theirs.push_back(session_id);
  }
  for (const model::SessionId& session_id : theirs) {
    const auto found = now.find(session_id);
    Supersede(session_id, {reading, found == now.end() ? nullptr : found->second});
  }
}

void SessionCache::Sweep(Timestamp now, Due& due) {
  State& s = *state_;
  s.revoked.Sweep(now);
  std::erase_if(s.forgotten, [&](const model::SessionId& id) {
    const auto it = s.records.find(id);
    if (it == s.records.end() || !it->second->keys.empty()) return true;
    it->second->PruneFormer();
    if (it->second->in_use()) return false;
    s.TakeOut(*it->second);
    return true;
  });
  while (!s.due.empty() && s.due.begin()->first <= now) {
    CacheRecord& record = *s.due.begin()->second;
    Session& session = *record.session;
    record.PruneFormer();
    if (now >= session.data.absolute_end) {
      s.End(record);
    } else if (now >= session.idle_end) {
      if (!record.in_use()) {
        s.TakeOut(record);
        continue;
      }
      s.DropKeys(record);
      if (std::find(s.forgotten.begin(), s.forgotten.end(), session.data.id) == s.forgotten.end()) {
        s.forgotten.push_back(session.data.id);
      }
      due.idle.push_back(record.session);
      s.Schedule(record, now + kUnknownLife);
    } else {
      const bool unwritten = session.idle_end > session.written_idle_end;
      if (unwritten) due.unwritten.push_back(record.session);
      const Timestamp end = std::min(session.idle_end, session.data.absolute_end);
      s.Schedule(record, unwritten ? std::min(end, std::max(end - kWriteMargin, now + std::chrono::seconds(1))) : end);
    }
  }
}

std::size_t SessionCache::size() const { return state_->records.size(); }

}  // namespace sallyport::session
