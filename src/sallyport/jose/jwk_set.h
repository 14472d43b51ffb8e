// SPDX-License-Identifier: Apache-2.0
// A JWK Set (RFC 7517 §5). Keys that cannot be used (unknown type, broken) are skipped, as the RFC asks.
//
// Bounded: at most 100 keys are looked at. Immutable after filling; thread-safe then.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "sallyport/base/json.h"
#include "sallyport/jose/jwk.h"

namespace sallyport::jose {

class JwkSet {
 public:
  JwkSet() = default;
  // kMalformed when the document is no object with an array `keys`. A set without usable keys is no error.
  static Result<JwkSet> Parse(std::string_view text);
  static Result<JwkSet> FromJson(const json::object& document);

  void Add(Jwk key) { keys_.push_back(std::move(key)); }
  std::span<const Jwk> keys() const { return keys_; }
  bool empty() const { return keys_.empty(); }
  // The first key of that id; nullptr for none, and always for an empty id.
  const Jwk* Find(std::string_view kid) const;

  // {"keys":[…]} with the public members of the asymmetric keys only: what /.well-known/jwks.json serves.
  json::object ToPublicJson() const;

 private:
  std::vector<Jwk> keys_;
};

}  // namespace sallyport::jose
