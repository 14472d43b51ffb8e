// SPDX-License-Identifier: Apache-2.0
// Characters that have another spelling: what NFKC or case folding would change, what joins with its neighbours, what cannot
// be seen. Text without them has one form. On the safe side: whole blocks are listed where only some of it is unstable.
#pragma once

namespace sallyport::identity {

// Of code points above U+007F.
bool IsUnstable(char32_t code_point);

}  // namespace sallyport::identity
