// SPDX-License-Identifier: Apache-2.0
export default ({ children }) => <html lang="en"><body>{children}</body></html>;
