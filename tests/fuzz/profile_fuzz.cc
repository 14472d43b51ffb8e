// SPDX-License-Identifier: Apache-2.0
// Profiles of providers: expressions of the configuration, and answers of peers through the mapping of every row. The first
// byte chooses; then come two texts with a newline between them.
#include <algorithm>
#include <cstdint>

#include "fuzz_support.h"
#include "sallyport/base/url.h"
#include "sallyport/http/utf8.h"
#include "sallyport/signin/providers/options.h"
#include "sallyport/signin/providers/profile.h"
#include "sallyport/signin/providers/profile_call.h"
#include "sallyport/signin/providers/profile_expression.h"

using namespace sallyport;
using namespace sallyport::signin;

namespace {

bool HasControl(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

const std::vector<ProviderSpec>& Specs() {
  static const auto* const specs = [] {
    auto* const all = new std::vector<ProviderSpec>;
    for (const auto* row : KnownProviders()) {
      ProviderSettings settings;
      settings.id = row->id;
      settings.issuer = row->issuer_example.empty() ? std::nullopt : std::optional<std::string>("https://id.example.com");
      if (row->id == "netsuite") settings.tenant = "1", settings.userinfo_endpoint = "https://id.example.com/me";
      if (!row->required_header.empty()) settings.userinfo_headers = {{std::string(row->required_header), "k"}};
      all->push_back(ResolveProvider(settings).value());
    }
    return all;
  }();
  return *specs;
}

void Expression(std::string_view expression, std::string_view profile) {
  const auto parsed = ProfileExpression::Parse(expression);
  const auto object = ParseJsonObject(profile);
  if (!parsed || !object) return;
  const auto text = parsed->Evaluate(*object, Numbers::kRefused), number = parsed->Evaluate(*object, Numbers::kAccepted);
  FUZZ_EXPECT(!text || (!text->empty() && text->size() <= 8192));
  FUZZ_EXPECT(!text || number);
}

void Mapping(std::string_view index, std::string_view text) {
  const auto object = ParseJsonObject(text);
  if (!object || index.empty()) return;
  const auto& spec = Specs()[static_cast<unsigned char>(index[0]) % Specs().size()];
  const auto profile = MapProfile(spec, *object);
  if (!profile) return;
  FUZZ_EXPECT(!profile->id.empty() && profile->id.size() <= 255 && !HasControl(profile->id));
  FUZZ_EXPECT(!profile->name || (!profile->name->empty() && profile->name->size() <= 256 && !HasControl(*profile->name) && http::IsUtf8(*profile->name)));
  FUZZ_EXPECT(!profile->email || (profile->email->size() <= 254 && !HasControl(*profile->email)));
  FUZZ_EXPECT(!profile->image || (profile->image->size() <= 2048 && ParseUrl(*profile->image)));
  FUZZ_EXPECT(!profile->email_verified || profile->email);
}

void Calls(std::string_view token_answer, std::string_view answer) {
  const auto tokens = ParseJsonObject(token_answer);
  const auto value = ParseJson(answer);
  if (!tokens || !value) return;
  for (const auto& spec : Specs()) {
    json::object profile;
    for (const auto& request : spec.profile_requests) {
      const auto call = BuildProfileCall(request, "https://id.example.com/userinfo", "client", *tokens);
      if (!call) continue;
      FUZZ_EXPECT(ParseUrl(call->url));
      for (const auto& header : call->headers) FUZZ_EXPECT(!HasControl(header.value));
      static_cast<void>(AddToProfile(request, *value, profile));
    }
    AddTokenMembers(spec, *tokens, profile);
    static_cast<void>(MapProfile(spec, profile));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto newline = std::min(text.find('\n'), text.size());
  const auto first = std::string_view(text).substr(0, newline);
  const auto second = std::string_view(text).substr(std::min(newline + 1, text.size()));
  switch (data[0]) {
    case 'e': Expression(first, second); break;
    case 'm': Mapping(first, second); break;
    case 'c': Calls(first, second); break;
    default: break;
  }
  return 0;
}
