// SPDX-License-Identifier: Apache-2.0
// One reader per section of the file, each in section_*.cc: raw values → options, with the checks that need that section
// alone. What spans sections is in validate.h.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sallyport/config/config.h"
#include "sallyport/config/section.h"

namespace sallyport::config {

// Relative paths of the file start at `folder` (its own; empty: the working directory).
void ReadGeneral(Section& top, const std::string& folder, Config& out);
void ReadSecretSettings(Section& top, const std::string& folder, Config& out);
void ReadSession(Section& session, Config& out);
void ReadCompat(Section& compat, Config& out);
void ReadPassword(Section& password, Config& out);
void ReadBackend(Section& backend, Section& fields, Config& out);
// `folder`: where relative paths start.
void ReadEmail(Section& email, const std::string& folder, Config& out);
// sign_in and what belongs to it; after the other methods.
void ReadEmailSignIn(Section& email, Config& out);
// Of the methods that are on, providers aside.
std::vector<std::string> ProviderIdsInUse(const signin::SigninOptions& signin);
// After the other methods: ids are theirs first. `environment` has what the section leaves out.
void ReadProvider(Section& provider, const std::string& name, const std::string& folder, const Environment& environment, Config& out);
// Known providers that the file does not name and whose credentials stand in the environment.
void AddProvidersOfEnvironment(const std::set<std::string>& in_file, Reading& reading, const Environment& environment, Config& out);
void ReadThrottle(Section& throttle, Config& out);
void ReadLimits(Section& limits, Config& out);
void ReadPages(Section& pages, Config& out);
void ReadHeaders(Section& headers, Config& out);
void ReadTracing(Section& tracing, Config& out);
void ReadLog(Section& log, const std::string& folder, Config& out);
// After all upstreams: bearer_for names one of them.
void ReadUpstream(Section& upstream, const std::string& name, Config& out);
// One dialect's peers; after the ones read before, whose networks it must not overlap.
void ReadForwardAuth(Section& forward_auth, Config& out);
// After the upstreams.
void ReadRoute(Section& route, Config& out);

// Shared by sections.
std::string InFolder(const std::string& folder, const std::string& path);
bool IsProviderId(std::string_view id);   // 1 to 64 of a-z, 0-9, - and _
bool CheckUrl(Section& section, std::string_view key, std::string& out);   // an absolute http(s) URL, as it stands

}  // namespace sallyport::config
