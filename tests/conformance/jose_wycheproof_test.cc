// SPDX-License-Identifier: Apache-2.0
// Project Wycheproof's JWS, JWE and JWK vectors. Where we are stricter, or leave something out on purpose, there is a row
// with its reason; a row that no longer differs fails the test.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "sallyport/jose/base64url.h"
#include "sallyport/jose/jwe.h"
#include "sallyport/jose/jws.h"
#include "vectors.h"

namespace sallyport::jose {
namespace {

using enum JwsAlgorithm;
using Differences = std::map<std::int64_t, const char*>;  // tcId → why our answer is not the vector's

const std::vector<JwsAlgorithm> kEverything = {kHs256, kHs384, kHs512, kRs256, kRs384, kRs512, kPs256, kPs384, kPs512, kEs256, kEs384, kEs512, kEdDsa};

std::optional<json::object> Load(std::string_view file) {
  const auto text = test::ReadVectorFile("wycheproof/" + std::string(file));
  if (!text) return std::nullopt;
  return *ParseJsonObject(*text, {.max_bytes = 4 << 20, .max_depth = 16});
}

// The group's verification keys. A key that Jwk refuses is a key that verifies nothing.
JwkSet KeysOf(const json::object& group) {
  const json::object& keys = group.at(group.contains("public") ? "public" : "private").as_object();
  if (keys.contains("keys")) return *JwkSet::FromJson(keys);
  JwkSet out;
  if (auto key = Jwk::Parse(keys)) out.Add(*std::move(key));
  return out;
}

// nullopt: not a case for us (JWE in a mixed file, or JSON serialisation's object form, which has no string).
std::optional<bool> VerifyJws(const json::object& group, const json::object& test) {
  if (!test.contains("jws")) return std::nullopt;
  const auto token = GetString(test, "jws");
  if (!token) return false;
  const JwkSet keys = KeysOf(group);
  return JwsVerifier(keys, kEverything).Verify(*token).has_value();
}

std::optional<bool> OpenJwe(const json::object& group, const json::object& test) {
  if (!test.contains("jwe")) return std::nullopt;
  const auto token = GetString(test, "jwe");
  if (!token) return false;
  const json::object& jwk = group.at("private").as_object();
  std::vector<JweKey> keys;
  if (const auto k = GetString(jwk, "k"))
    for (const auto encryption : {JweEncryption::kA128Gcm, JweEncryption::kA256Gcm, JweEncryption::kA128CbcHs256, JweEncryption::kA256CbcHs512})
      if (auto key = JweKey::Create(encryption, *DecodeBase64Url(*k))) keys.push_back(*std::move(key));
  return JweOpener(std::move(keys)).Open(*token).has_value();
}

template <class Answer>
int Judge(const json::object& file, const Differences& differences, Answer answer) {
  int judged = 0;
  for (const json::value& entry : file.at("testGroups").as_array()) {
    const json::object& group = entry.as_object();
    for (const json::value& item : group.at("tests").as_array()) {
      const json::object& test = item.as_object();
      const std::optional<bool> accepted = answer(group, test);
      if (!accepted) continue;
      ++judged;
      const std::int64_t id = *GetInteger(test, "tcId");
      const auto row = differences.find(id);
      const bool as_wanted = *accepted == (GetString(test, "result") == "valid");
      EXPECT_EQ(as_wanted, row == differences.end())
          << "tcId " << id << " (" << *GetString(test, "comment") << ")" << (row != differences.end() ? row->second : "");
    }
  }
  return judged;
}

#define SALLYPORT_LOAD_OR_SKIP(name, file) \
  const auto name = Load(file);            \
  if (!name) GTEST_SKIP() << test::VectorPath("wycheproof/" file) << " is not there (set SALLYPORT_VECTORS)"

TEST(Wycheproof, S40_JsonWebSignature) {
  SALLYPORT_LOAD_OR_SKIP(file, "json_web_signature_test.json");
  constexpr const char* kAlg = "the header's algorithm is not the key's own alg";
  constexpr const char* kSame = "the vector's padding got lost: it is, letter for letter, tcId 357, which is valid";
  constexpr const char* kStrict = "a foreign character in base64url is refused";
  const Differences differences = {{346, kAlg}, {347, kAlg}, {350, kAlg}, {351, kAlg}, {372, kStrict}, {373, kStrict}, {367, kSame}, {370, kSame}};
  EXPECT_EQ(Judge(*file, differences, VerifyJws), 401);
}

TEST(Wycheproof, S40_JsonWebKey) {
  SALLYPORT_LOAD_OR_SKIP(file, "json_web_key_test.json");
  const Differences differences = {{1, "a set may hold keys of both kinds: each is tied to its own algorithms"},
                                   {4, "two keys of one kid are both tried (RFC 7517 §4.5 only says SHOULD)"},
                                   {7, "keys are not tested for the ROCA weakness"}};
  EXPECT_EQ(Judge(*file, differences, VerifyJws), 26);
}

TEST(Wycheproof, S40_JsonWebCrypto) {
  SALLYPORT_LOAD_OR_SKIP(file, "json_web_crypto_test.json");
  const Differences differences = {{46, "keys are not tested for the ROCA weakness"},
                                   {47, "a set may hold keys of both kinds: each is tied to its own algorithms"}};
  EXPECT_EQ(Judge(*file, differences, VerifyJws), 49);
}

// Only "dir" is implemented, so every vector of another alg must be refused, valid or not.
TEST(Wycheproof, S40_JsonWebEncryption) {
  int judged = 0, opened = 0;
  for (const char* name : {"json_web_encryption_test.json", "json_web_crypto_test.json"}) {
    const auto file = Load(name);
    if (!file) GTEST_SKIP() << test::VectorPath(std::string("wycheproof/") + name) << " is not there (set SALLYPORT_VECTORS)";
    for (const json::value& entry : file->at("testGroups").as_array()) {
      for (const json::value& item : entry.as_object().at("tests").as_array()) {
        const auto accepted = OpenJwe(entry.as_object(), item.as_object());
        if (!accepted) continue;
        ++judged;
        if (!*accepted) continue;
        ++opened;
        EXPECT_EQ(GetString(item.as_object(), "result"), "valid");
        EXPECT_EQ(GetString(item.as_object(), "comment"), "Figure136") << "RFC 7520 §5.6, the one with dir";
      }
    }
  }
  EXPECT_EQ(judged, 139 + 34);
  EXPECT_EQ(opened, 1);
}

}  // namespace
}  // namespace sallyport::jose
