// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/command.h"
#include "sallyport/crypto/system_random.h"

namespace sallyport::cli {

void AddSecret(CLI::App& root, Context& context) {
  AddCommand(root, context, "secret", "Make a secret: 256 random bits",
             "  export SALLYPORT_SECRET=$(sallyport secret)\n"
             "  (umask 077; sallyport secret > sallyport.secret)    # then: secret_file = \"sallyport.secret\"\n"
             "To rotate, put the new one first: secret = [\"${NEW}\", \"${OLD}\"]",
             [](Context& c) {
               crypto::SystemRandom random;
               const auto secret = random.Hex(32);
               auto output = c.output();
               if (c.json) output.Json(json::object{{"secret", secret}});
               output.Line(secret);
               return kFine;
             });
}

}  // namespace sallyport::cli
