// SPDX-License-Identifier: Apache-2.0
// The words of the mails. How they are put together is mail_template.cc's business.
#include "sallyport/identity/mail_intent.h"
#include "sallyport/signin/mail_template.h"

namespace sallyport::signin {

std::span<const MailTemplate> MailTemplates() {
  using Lines = std::vector<std::string_view>;
  static const std::vector<MailTemplate> kTemplates = {
      {identity::kMailRegister, {"email", "token", "minutes"}, "Confirm your e-mail address",
       Lines{"Somebody, most likely you, is creating an account at {{site}} with the address {{email}}.",
             "Confirm that the address is yours to finish. The link works for {{life}}, once."},
       "Confirm my address", "/api/auth/email/verify",
       Lines{"If it was not you, ignore this mail: without the confirmation there will be no account."}},
      {identity::kMailRegisterKnown, {"email"}, "You already have an account",
       Lines{"Somebody, most likely you, tried to create an account at {{site}} with the address {{email}}. There is one already, so "
             "nothing has been changed.",
             "You can sign in as usual, or choose a new password if you have forgotten yours."},
       "Sign in", "/api/auth/signin", Lines{"If it was not you, there is nothing to do."}},
      {identity::kMailReset, {"email", "token", "minutes"}, "Choose a new password",
       Lines{"A new password was asked for the account {{email}} at {{site}}.", "The link works for {{life}}, once."},
       "Choose a new password", "/api/auth/password/reset",
       Lines{"If it was not you, ignore this mail: your password stays as it is."}},
      {identity::kMailResetUnknown, {"email"}, "No account with this address",
       Lines{"A new password was asked for {{email}} at {{site}}, but no account has this address.",
             "Perhaps you have signed up with another one."},
       "", "", Lines{"If it was not you, there is nothing to do."}},
      {identity::kMailPasswordChanged, {"email"}, "Your password was changed",
       Lines{"The password of your account {{email}} at {{site}} has just been changed, and other devices have been signed out."}, "",
       "", Lines{"If it was not you, ask for a new password on the sign-in page at once."}},
      {identity::kMailEmailChange, {"email", "token", "minutes"}, "Confirm your new e-mail address",
       Lines{"An account at {{site}} is to move to the address {{email}}.",
             "Confirm that the address is yours to finish. The link works for {{life}}, once."},
       "Confirm my new address", "/api/auth/email/change", Lines{"If it was not you, ignore this mail: nothing will be changed."}},
      {identity::kMailEmailChangeTaken, {"email"}, "This address already has an account",
       Lines{"Somebody, most likely you, wants to move an account at {{site}} to the address {{email}}. Another account has this "
             "address already, so nothing has been changed."},
       "", "", Lines{"If it was not you, there is nothing to do."}},
      {identity::kMailEmailChangeNotice, {"email", "new_email"}, "Your e-mail address is about to change",
       Lines{"Your account {{email}} at {{site}} is to move to the address {{new_email}}. It will once the new address has been "
             "confirmed."},
       "", "", Lines{"If it was not you, somebody knows your password: change it at once, and end your other sessions."}},
      {identity::kMailSignIn, {"email", "token", "code", "minutes"}, "Sign in to {{site}}",
       Lines{"Somebody, most likely you, wants to sign in at {{site}} with the address {{email}}.",
             "Link and code work for {{life}}, once."},
       "Sign in", "/api/auth/callback/",
       Lines{"Or type this code in the browser in which you asked: {{code}}",
             "Tell nobody the code; nobody from {{site}} will ask you for it.",
             "If it was not you, ignore this mail: nobody is signed in by it."}},
      {identity::kMailSignInUnknown, {"email"}, "No account with this address",
       Lines{"Somebody, most likely you, wants to sign in at {{site}} with the address {{email}}, but nobody signs in with it here.",
             "Perhaps you have signed up with another one."},
       "", "", Lines{"If it was not you, there is nothing to do."}},
  };
  return kTemplates;
}

std::string_view MailLayout() {
  return R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{subject}}</title>
<style>
body{margin:0;padding:24px 12px;background:#f3f4f6;color:#1c2128;font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.card{max-width:520px;margin:0 auto;background:#fff;border-radius:12px;border-top:4px solid {{color}};padding:28px 32px}
.site{margin:0 0 20px;font-weight:600;color:#57606a}
h1{margin:0 0 16px;font-size:22px;line-height:1.3}
p{margin:0 0 14px}
.small{font-size:14px;color:#57606a}
.small a{color:inherit;word-break:break-all}
@media (prefers-color-scheme:dark){body{background:#0f1318;color:#e6e9ee}.card{background:#1a2028}.site,.small{color:#a3adba}}
</style>
</head>
<body>
<div class="card">
<p class="site">{{site}}</p>
<h1>{{subject}}</h1>
{{#before}}
<p>{{.}}</p>
{{/before}}
{{#link}}
<p style="margin:22px 0"><a href="{{href}}" style="display:inline-block;padding:12px 22px;border-radius:8px;background:{{color}};color:{{ink}};font-weight:600;text-decoration:none">{{button}}</a></p>
<p class="small">Or open this address: <a href="{{href}}">{{href}}</a></p>
{{/link}}
{{#after}}
<p class="small">{{.}}</p>
{{/after}}
</div>
</body>
</html>
)html";
}

}  // namespace sallyport::signin
