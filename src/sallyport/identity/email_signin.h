// SPDX-License-Identifier: Apache-2.0
// A person signs in by showing that they read an address's mail: a link and a code in one mail, good once together. No HTTP,
// no throttling, no mail of its own: signin/email_method.h does those around it.
//
// Known and unknown addresses take the same steps; only the mail differs (S50). The link signs in whoever shows it together
// with what ties them to the address: the browser that asked (the caller knows), or the address typed. The code counts only
// together with the mail that it came in, by id: the caller keeps the ids where the asking browser alone can show them.
// kMaxTries wrong addresses and codes end a mail. Thread-safe. What is passed to the constructor must outlive it. Errors of
// the store pass through.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sallyport/identity/account_tokens.h"
#include "sallyport/identity/mail_intent.h"
#include "sallyport/store/store.h"

namespace sallyport::identity {

class EmailSignIn {
 public:
  static constexpr int kMaxTries = 5;
  // More than the limits let anybody ask for (S55), so that whoever asks for somebody's mails cannot push out the ones that
  // the person has asked for.
  static constexpr std::size_t kKeptPerAddress = 50;

  struct Asked {
    MailIntent mail;
    std::string id;             // names the mail; proves nothing
  };
  struct Pending {
    std::string id, email, callback_url;
  };
  struct Proved {
    store::SignedInByEmail who;
    std::string id, email, callback_url;
  };

  // `newcomers`: an address that nobody has becomes a user.
  EmailSignIn(store::Store& store, AccountTokens& tokens, const crypto::DerivedKeys& keys, Duration lifetime, bool newcomers,
              const Clock& clock, Random& random);

  // `email` is canonical; `callback_url` was judged (S15) and comes back when the mail is used.
  Task<Asked> Ask(std::string email, std::string callback_url);
  // Looks, changes nothing (S11). kInvalidToken.
  Task<Pending> Peek(std::string token);
  // `typed`: the address, where the browser is not known to be the one that asked. kInvalidToken; kNeedsProof: the address
  // does not fit (a wrong one counts a try; none, or what is no address, does not: a mail scanner types nothing sensible).
  Task<Proved> ByLink(std::string token, std::optional<std::string> typed);
  // `ids`: the mails that this browser asked for. kInvalidToken: none of them is good any more; kNeedsProof: wrong code, which
  // counts a try for each of them.
  Task<Proved> ByCode(std::vector<std::string> ids, std::string typed);

 private:
  Task<Proved> Consume(ReadToken pending);
  // The number of this try. kInvalidToken: the tries are used up.
  Task<int> CountTry(std::string token_hash);
  // kNeedsProof, or kInvalidToken when this was the last one: the mail is not good any more.
  Task<void> WrongTry(std::string token_hash, int tries);

  store::Store& store_;
  AccountTokens& tokens_;
  const crypto::DerivedKeys& keys_;
  const Duration lifetime_;
  const bool newcomers_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace sallyport::identity
