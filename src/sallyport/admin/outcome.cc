// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/outcome.h"

#include "sallyport/base/log.h"
#include "sallyport/identity/errc.h"
#include "sallyport/store/errc.h"

namespace sallyport::admin {
namespace {

json::object OfIdentity(identity::Errc code) {
  using enum identity::Errc;
  switch (code) {
    case kInvalidEmail: return Refused("invalid_email", "This is not an e-mail address.", "write it like ada@example.com");
    case kInvalidName: return Refused("invalid_name", "The name has control characters or is too long.");
    case kInvalidGroup: return Refused("invalid_group", "A group has a comma or control characters, or is too long.");
    case kPasswordTooShort: return Refused("password_too_short", "The password is too short.", "signin.password.min_length says how long it must be");
    case kPasswordTooLong: return Refused("password_too_long", "The password is longer than 1024 bytes.");
    case kPasswordCommon: return Refused("password_common", "The password is among the first that anybody would guess.", "take a longer one, e.g. of four random words");
    case kPasswordLikeIdentity: return Refused("password_like_identity", "The password is too much like the e-mail address or the site's name.");
    case kEmailTaken: return Refused("email_taken", "Another user has this address.", "`sallyport user list` shows who");
    case kNoSuchUser: return Refused("user_not_found", "There is no such user.", "`sallyport user list` shows all of them");
    case kOverloaded: return Refused("overloaded", "Too many passwords are being hashed right now.", "try again in a second");
    default: return Refused("failed", std::string("The operation failed: identity.") + identity::NameOf(code) + ".");
  }
}

json::object OfStore(store::Errc code) {
  using enum store::Errc;
  switch (code) {
    case kUnavailable: return Refused("store_unavailable", "The store cannot be read or written.", "look at the log; is the disk full or read-only?");
    case kFileLost: return Refused("store_file_lost", "The store's file was deleted or replaced under the running server.", "the server's log says how to mend it");
    case kBusy: return Refused("store_busy", "The store has too much to do right now.", "try again in a second");
    case kConflict: return Refused("conflict", "Somebody changed the same thing at the same moment.", "try again");
    case kNotFound: return Refused("not_found", "There is nothing of that name.");
    default: return Refused("failed", std::string("The operation failed: store.") + store::NameOf(code) + ".");
  }
}

}  // namespace

json::object Done(json::object result) { return {{"ok", true}, {"result", std::move(result)}}; }

json::object Refused(std::string_view code, std::string_view message, std::string_view hint) {
  json::object error{{"code", code}, {"message", message}};
  if (!hint.empty()) error["hint"] = hint;
  return {{"ok", false}, {"error", std::move(error)}};
}

json::object RefusedBy(const Error& error) {
  log::Debug("an operation failed", {{"error", error.ToLogString()}});
  if (error.code.category() == make_error_code(identity::Errc::kNoSuchUser).category()) {
    return OfIdentity(static_cast<identity::Errc>(error.code.value()));
  }
  if (error.code.category() == make_error_code(store::Errc::kBusy).category()) {
    return OfStore(static_cast<store::Errc>(error.code.value()));
  }
  return Refused("failed", std::string("The operation failed: ") + error.code.category().name() + "." + error.code.message() + ".",
                 "the log says more");
}

}  // namespace sallyport::admin
